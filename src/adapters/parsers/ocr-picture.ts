import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { greyOf, sheet } from './grey.ts';
import type { ReadPicture } from './ocr.ts';
import { confidenceOf, credibleWords, runsOf } from './ocr-runs.ts';
import { layOut } from './pdf-layout.ts';
import { readPictureHead } from './picture-head.ts';
import { nameOf } from './sniff.ts';

/** A4 at 600 dots an inch has 35; four bytes a pixel are held while it is decoded. */
const MAX_MEGAPIXELS = 80;
/** Type of a screen is too small for the engine: pictures with fewer pixels are enlarged. */
const SMALL_PIXELS = 2.5 * 10 ** 6;
const MOST_PIXELS = 20 * 10 ** 6;

function refuseTooLarge(width: number, height: number): void {
  const megapixels = (width * height) / 10 ** 6;
  if (megapixels > MAX_MEGAPIXELS)
    throw new AppError(
      'input/too-large',
      `This picture has ${Math.round(megapixels)} megapixels (${width} × ${height}); up to ${MAX_MEGAPIXELS} can be read. Save it smaller, or cut it into parts.`,
      { details: { width, height, limitMegapixels: MAX_MEGAPIXELS } },
    );
}

async function decode(file: Blob, kind: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch (error) {
    throw new AppError(
      'input/invalid',
      `This ${kind} picture is damaged and cannot be shown. Get a fresh copy where it came from, then add that.`,
      { cause: error },
    );
  }
}

/** A picture of text as a document of one page, whose points are the picture's pixels. */
export async function readPictureText(
  file: Blob,
  read: ReadPicture,
  options: CallOptions | undefined,
): Promise<ParsedDocument> {
  const { signal, onProgress } = options ?? {};
  throwIfAborted(signal);
  const { kind, ...head } = await readPictureHead(file);
  refuseTooLarge(head.width, head.height);
  const tell = (done: number): void =>
    onProgress?.({ phase: 'recognize', done, total: 1, unit: 'pages', label: nameOf(file) });
  tell(0);
  const bitmap = await waitUnlessAborted(decode(file, kind), signal);
  const { width, height } = bitmap;
  const scale = Math.min(
    width * height < SMALL_PIXELS ? 2 : 1,
    Math.sqrt(MOST_PIXELS / Math.max(1, width * height)),
  );
  const { context } = sheet(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, context.canvas.width, context.canvas.height);
  bitmap.close();
  const picture = await waitUnlessAborted(
    read(1, () => greyOf(context)),
    signal,
  );
  tell(1);
  const runs = credibleWords(picture) > 0 ? runsOf(picture, scale) : [];
  const { title, pages, ...rest } = layOut([{ number: 1, width, height, rotation: 0, runs }], []);
  const confidence = confidenceOf(picture) ?? 0;
  return {
    ...rest,
    pages: pages.map((page) => ({ ...page, confidence })),
    ...(title === undefined ? {} : { title }),
  };
}
