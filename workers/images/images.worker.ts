import { createAnimationReader, createFrameReader } from '#adapters/frame-reader-webcodecs/index.ts';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createPictureDecoder, createPromptPictures } from '#adapters/picture-decoder/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { filmGrabberContract } from '#contracts/film-grabber.ts';
import { imageEmbedContract } from '#contracts/image-embed.ts';
import { imagesContract } from '#contracts/images.ts';
import { svgRasterizerContract } from '#contracts/svg-rasterizer.ts';
import { createPictures } from '#core/images/index.ts';
import type { FilmGrabber } from '#core/ports/film-grabber.ts';
import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import type { PromptPictures } from '#core/ports/prompt-pictures.ts';
import type { SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import { connect } from '#rpc/connect.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { transfer } from '#rpc/transfer.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { createReadText } from './read-text.ts';

const embedderEnds = new Set<() => void>();

// A nested worker, so that pixels and vectors never pass through the page, and pictures are decoded while it computes.
const embedder = createWorkerHandle<ImageEmbedder>({
  name: 'image-embed',
  contract: imageEmbedContract,
  spawn: () =>
    new Worker(new URL('../image-embed/image-embed.worker.ts', import.meta.url), { type: 'module' }),
  onEnd: () => {
    for (const tell of embedderEnds) tell();
  },
});

interface PageParts {
  readonly rasterizer: SvgRasterizer;
  readonly grabber: FilmGrabber;
}

/** Come with the page's first message, before any call. */
const page = new Promise<PageParts>((resolve) => {
  self.addEventListener(
    'message',
    function take({ data }: MessageEvent<{ readonly rasterizer?: unknown; readonly grabber?: unknown }>) {
      const { rasterizer, grabber } = data;
      if (!(rasterizer instanceof MessagePort && grabber instanceof MessagePort)) return;
      self.removeEventListener('message', take);
      resolve({
        rasterizer: connect(svgRasterizerContract, rasterizer).client,
        grabber: connect(filmGrabberContract, grabber).client,
      });
      rasterizer.start();
      grabber.start();
    },
  );
});
const pageRasterizer: SvgRasterizer = {
  rasterize: async (request, options) => (await page).rasterizer.rasterize(request, options),
};
const pageGrabber: FilmGrabber = {
  measure: async (input, options) => (await page).grabber.measure(input, options),
  async *grab(input, options) {
    yield* (await page).grabber.grab(input, options);
  },
};

/** Opened at the first call: what cannot be opened now may be later, when another tab has closed. */
let opening: Promise<Pictures> | undefined;
function pictures(): Promise<Pictures> {
  opening ??= open();
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

async function open(): Promise<Pictures> {
  return createPictures({
    repositories: await openRepositories(),
    decoder: createPictureDecoder({ rasterizer: pageRasterizer }),
    films: createFrameReader({ grabber: pageGrabber }),
    animations: createAnimationReader(),
    embedder: embedder.client,
    placement,
    createVectorIndex: async (dimension) => createExactIndex(dimension),
    createLexicalIndex: createBm25Index,
    readText: createReadText(pageRasterizer),
    locks: createWebLocks(),
    sha256: sha256Of,
    now: Date.now,
    onEmbedderEnd: (listener) => void embedderEnds.add(listener),
  });
}

/** A software GPU is slower than WebAssembly; one core stays free for the page. */
async function placement(): Promise<{ readonly device: 'gpu' | 'cpu'; readonly threads: number }> {
  const gpu: GPU | undefined = navigator.gpu;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  const isReal = adapter !== null && adapter !== undefined && !adapter.info.isFallbackAdapter;
  const threads = self.crossOriginIsolated ? Math.max(1, navigator.hardwareConcurrency - 1) : 1;
  return { device: isReal ? 'gpu' : 'cpu', threads };
}

const promptPictures = createPromptPictures({ rasterizer: pageRasterizer, sha256: sha256Of });

const server: Server<Pictures & PromptPictures> = {
  add: async (input, { signal, progress }) => (await pictures()).add(input, { signal, onProgress: progress }),
  ingest: async (input, { signal, progress }) =>
    (await pictures()).ingest(input, { signal, onProgress: progress }),
  readTexts: async (input, { signal, progress }) =>
    (await pictures()).readTexts(input, { signal, onProgress: progress }),
  stale: async (input) => (await pictures()).stale(input),
  search: async (input, { signal, progress }) =>
    (await pictures()).search(input, { signal, onProgress: progress }),
  moments: async (input, { signal }) => (await pictures()).moments(input, { signal }),
  frame: async (input, { signal }) => (await pictures()).frame(input, { signal }),
  labels: async (input, { signal }) => (await pictures()).labels(input, { signal }),
  groups: async (input, { signal }) => (await pictures()).groups(input, { signal }),
  async map(input, { signal }) {
    const map = await (await pictures()).map(input, { signal });
    return transfer(map, [map.points.buffer]);
  },
  albums: async (input, { signal }) => (await pictures()).albums(input, { signal }),
  renameAlbum: async (input, { signal }) => (await pictures()).renameAlbum(input, { signal }),
  learnTag: async (input, { signal }) => (await pictures()).learnTag(input, { signal }),
  captioned: async (input, { signal, progress }) =>
    (await pictures()).captioned(input, { signal, onProgress: progress }),
  forget: async (input) => (await pictures()).forget(input),
  prepare: (input, { signal }) => promptPictures.prepare(input, { signal }),
};

serve(imagesContract, server, self as unknown as Port<ToClient, ToServer>);
