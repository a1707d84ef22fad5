import type { GreyPicture } from '#core/ports/text-recognizer.ts';
import { breathe } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';

const BAND_ROWS = 512;

/** A drawing surface with white paper. */
export function sheet(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context)
    throw new AppError(
      'capability/unsupported-browser',
      'This browser gave no drawing surface. Close other tabs and try again.',
    );
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}

/** Brightness as the eye weighs the colours (ITU-R BT.601), in bands: the colours of a page are never held whole. */
export async function greyOf(context: OffscreenCanvasRenderingContext2D): Promise<GreyPicture> {
  const { width, height } = context.canvas;
  const pixels = new Uint8Array(width * height);
  for (let top = 0; top < height; top += BAND_ROWS) {
    const rows = Math.min(BAND_ROWS, height - top);
    const { data } = context.getImageData(0, top, width, rows);
    for (let i = 0, at = top * width; i < data.length; i += 4, at++)
      pixels[at] = ((data[i] ?? 0) * 77 + (data[i + 1] ?? 0) * 150 + (data[i + 2] ?? 0) * 29) >> 8;
    await breathe();
  }
  return { width, height, pixels };
}
