import { createOcrParsers } from '#adapters/parsers/index.ts';
import { asPlainPicture } from '#adapters/picture-decoder/index.ts';
import { ocrContract } from '#contracts/ocr.ts';
import type { ReadPictureText } from '#core/images/index.ts';
import type { SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import type { TextRecognizer } from '#core/ports/text-recognizer.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { AppError } from '#shared/errors.ts';

// A worker of its own: a picture is read in one go of seconds, so that who stops it ends the worker.
const ocr = createWorkerHandle<TextRecognizer>({
  name: 'ocr',
  contract: ocrContract,
  spawn: () => new Worker(new URL('../ocr/ocr.worker.ts', import.meta.url), { type: 'module' }),
  abortGraceMs: 200,
  idleMs: 60_000,
});

/** As a picture among documents is read: in paragraphs, and what is no credible word is no text. */
export function createReadText(rasterizer: SvgRasterizer): ReadPictureText {
  return async ({ file, name, language }, options) => {
    const picture = await asPlainPicture({ file, name }, rasterizer, options);
    const head = new Uint8Array(await picture.slice(0, 64).arrayBuffer());
    const source = { name, mediaType: picture.type, head };
    const parser = createOcrParsers({ recognizer: ocr.client, language }).find((each) =>
      each.accepts(source),
    );
    if (parser === undefined)
      throw new AppError('input/unsupported', `Text in “${name}” cannot be read: its format is not known.`);
    const { text, pages } = await parser.parse(new File([picture], name, { type: picture.type }), options);
    const confidence = pages[0]?.confidence;
    return { text: text.trim(), ...(confidence === undefined ? {} : { confidence }) };
  };
}
