import type { FilmFrame } from '#core/ports/frame-reader.ts';
import { AppError } from '#shared/errors.ts';

const GRID = { columns: 9, rows: 8, cell: 8 };
const LONGER_SIDE = 1280;

/** What can be painted: a decoded frame, or a bitmap of the page's. */
export interface Paintable {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  paint(context: OffscreenCanvasRenderingContext2D, width: number, height: number): void;
}

function paintedAt(frame: Paintable, width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null)
    throw new AppError('capability/unsupported-browser', 'This browser cannot draw films off the page.');
  context.imageSmoothingQuality = 'high';
  frame.paint(context, width, height);
  return context;
}

function coloursOf(frame: Paintable): Uint8Array {
  const { columns, rows, cell } = GRID;
  const [width, height] = [columns * cell, rows * cell];
  const { data } = paintedAt(frame, width, height).getImageData(0, 0, width, height);
  const sums = new Float64Array(columns * rows * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const area = (Math.floor(y / cell) * columns + Math.floor(x / cell)) * 3;
      for (let channel = 0; channel < 3; channel++)
        sums[area + channel] = (sums[area + channel] ?? 0) + (data[(y * width + x) * 4 + channel] ?? 0);
    }
  return Uint8Array.from(sums, (sum) => Math.round(sum / (cell * cell)));
}

export function toFilmFrame(frame: Paintable): FilmFrame {
  return {
    seconds: frame.seconds,
    colours: coloursOf(frame),
    picture() {
      const scale = Math.min(1, LONGER_SIDE / Math.max(frame.width, frame.height));
      const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
      const { canvas } = paintedAt(frame, side(frame.width), side(frame.height));
      return canvas.convertToBlob({ type: 'image/png' });
    },
  };
}
