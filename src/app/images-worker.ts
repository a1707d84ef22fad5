import { createPageFilmGrabber } from '#adapters/film-grabber-page/index.ts';
import { createPageSvgRasterizer } from '#adapters/svg-rasterizer-page/index.ts';
import { filmGrabberContract } from '#contracts/film-grabber.ts';
import { imagesContract } from '#contracts/images.ts';
import { svgRasterizerContract } from '#contracts/svg-rasterizer.ts';
import type { FilmGrabber } from '#core/ports/film-grabber.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import type { PromptPictures } from '#core/ports/prompt-pictures.ts';
import type { SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import type { Server } from '#rpc/contract.ts';
import { serve } from '#rpc/serve.ts';
import { transfer } from '#rpc/transfer.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

/** A worker that was needed once and not since gives its memory back. */
const IDLE_MS = 120_000;

function toServer(rasterizer: SvgRasterizer): Server<SvgRasterizer> {
  return {
    async rasterize(input, { signal }) {
      const painted = await rasterizer.rasterize(input, { signal });
      return transfer(painted, [painted.bitmap]);
    },
  };
}

/** The pictures' worker; it gets ports on which the page paints drawings and plays films, for workers have neither. */
function spawn(): Worker {
  const worker = new Worker(new URL('../../workers/images/images.worker.ts', import.meta.url), {
    type: 'module',
    name: 'images',
  });
  const { port1, port2 } = new MessageChannel();
  serve(svgRasterizerContract, toServer(createPageSvgRasterizer()), port1);
  port1.start();
  const films = new MessageChannel();
  const grabber = createPageFilmGrabber();
  const server: Server<FilmGrabber> = {
    measure: (input, { signal }) => grabber.measure(input, { signal }),
    grab: (input, { signal }) => grabber.grab(input, { signal }),
  };
  serve(filmGrabberContract, server, films.port1);
  films.port1.start();
  worker.postMessage({ rasterizer: port2, grabber: films.port2 }, [port2, films.port2]);
  return worker;
}

export function createImagesWorker(): Pictures & PromptPictures {
  return createWorkerHandle<Pictures & PromptPictures>({
    name: 'images',
    contract: imagesContract,
    idleMs: IDLE_MS,
    spawn,
  }).client;
}
