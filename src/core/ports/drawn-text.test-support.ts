import type { GreyPicture } from './text-recognizer.ts';

interface DrawnWord {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
}

interface DrawnLine {
  readonly text: string;
  readonly x: number;
  /** Of its baseline. */
  readonly y: number;
  readonly size: number;
}

export interface DrawnPicture {
  readonly canvas: OffscreenCanvas;
  readonly words: readonly DrawnWord[];
}

/** Black type on white paper, and where each word of it stands. */
export function drawText(width: number, height: number, lines: readonly DrawnLine[]): DrawnPicture {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no drawing surface');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#000';
  const words: DrawnWord[] = [];
  for (const { text, x, y, size } of lines) {
    context.font = `${size}px "Liberation Serif", "DejaVu Serif", serif`;
    context.fillText(text, x, y);
    for (const match of text.matchAll(/\S+/g)) {
      const left = x + context.measureText(text.slice(0, match.index)).width;
      const right = left + context.measureText(match[0]).width;
      words.push({ text: match[0], left, right, baseline: y });
    }
  }
  return { canvas, words };
}

export function greyOf(canvas: OffscreenCanvas): GreyPicture {
  const { width, height } = canvas;
  const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[i * 4] ?? 255;
  return { width, height, pixels };
}
