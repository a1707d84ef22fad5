import { MOST_PROMPT_SIDE, type PromptPictures } from '#core/ports/prompt-pictures.ts';
import type { SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { createTurns } from '#shared/turns.ts';
import { createBlobReader, letters } from './blob-reader.ts';
import { broken, noPicture, refusePixels, refuseSize, undecodable } from './decode-error.ts';
import { sizeWithin } from './geometry.ts';
import { readHeader } from './read-header.ts';
import { HEAD_BYTES, type PictureType, sniffPicture } from './sniff.ts';

/** Letters in a photo of a page stay sharp; at the usual 0.8 their edges begin to swim. */
const JPEG_QUALITY = 0.92;

type Raster = Exclude<PictureType, 'image/svg+xml'>;

/** Formats that keep each pixel as it was, which is what screenshots, drawings and scans are saved as. */
const LOSSLESS: ReadonlySet<PictureType> = new Set(['image/png', 'image/gif', 'image/bmp', 'image/svg+xml']);

export interface PromptPicturePorts {
  readonly rasterizer: SvgRasterizer;
  /** SHA-256 as hex. */
  sha256(file: Blob, options?: CallOptions): Promise<string>;
}

/** Before its pixels a WebP has a few chunks at most: what it is, and colours. */
const MOST_CHUNKS = 8;

/** A WebP says by its chunks how it is stored: 'VP8L' without loss, 'ALPH' with transparency, 'VP8 ' as a photo. */
async function isLosslessWebp(file: Blob): Promise<boolean> {
  const reader = createBlobReader(file);
  let at = 12;
  for (let chunk = 0; chunk < MOST_CHUNKS; chunk++) {
    const view = await reader.read(at, 8);
    const name = letters(view);
    if (name === 'VP8L' || name === 'ALPH') return true;
    if (name === 'VP8 ' || name === 'ANMF' || view.byteLength < 8) return false;
    const size = view.getUint32(4, true);
    at += 8 + size + (size % 2);
  }
  return false;
}

const keepsPixels = async (file: Blob, type: PictureType): Promise<boolean> =>
  type === 'image/webp' ? isLosslessWebp(file) : LOSSLESS.has(type);

/** From this many pixels on the browser brings a picture down as it decodes it, before it lies in memory whole. */
const LARGE_PIXELS = 24_000_000;

async function openRaster(file: Blob, name: string, type: Raster): Promise<ImageBitmap> {
  const header = await readHeader(createBlobReader(file), type);
  if (header === undefined) throw broken(name);
  const { width, height } = header;
  refusePixels(name, width, height);
  // The width of what is shown: it may lie on its side. With both sides longer, neither loses what is kept below.
  const isLarge = width * height > LARGE_PIXELS && Math.min(width, height) > MOST_PROMPT_SIDE;
  const resize = isLarge ? { resizeWidth: MOST_PROMPT_SIDE, resizeQuality: 'high' as const } : {};
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image', ...resize });
  } catch (error) {
    throw undecodable(name, type, error);
  }
}

/** Prepares with what the browser has, one picture at a time: their memory must not add up. For workers. */
export function createPromptPictures({ rasterizer, sha256 }: PromptPicturePorts): PromptPictures {
  const takeTurn = createTurns();

  async function encode(bitmap: ImageBitmap, mediaType: 'image/jpeg' | 'image/png') {
    const { width, height } = sizeWithin(bitmap, MOST_PROMPT_SIDE);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (context === null)
      throw new AppError('capability/unsupported-browser', 'This browser cannot draw pictures off the page.');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    const blob = await canvas.convertToBlob({ type: mediaType, quality: JPEG_QUALITY });
    return { blob, mediaType, width, height };
  }

  return {
    async prepare({ file, name }, options = {}) {
      const { signal } = options;
      refuseSize(name, file.size);
      const type = sniffPicture(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), name);
      if (type === undefined) throw noPicture(name);
      const endTurn = await takeTurn(signal);
      let bitmap: ImageBitmap | undefined;
      try {
        if (type === 'image/svg+xml') {
          const drawing = { svg: file, name, longerSide: MOST_PROMPT_SIDE };
          bitmap = (await rasterizer.rasterize(drawing, signal ? { signal } : {})).bitmap;
        } else bitmap = await openRaster(file, name, type);
        if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled', { cause: signal.reason });
        const picture = await encode(bitmap, (await keepsPixels(file, type)) ? 'image/png' : 'image/jpeg');
        return { ...picture, sha256: await sha256(picture.blob, signal ? { signal } : {}) };
      } finally {
        bitmap?.close();
        endTurn();
      }
    },
  };
}
