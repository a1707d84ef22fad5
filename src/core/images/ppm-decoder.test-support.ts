import type { PictureInput } from '#core/ports/image-embedder.ts';
import type { DecodeRequest, PictureDecoder, PictureRegion } from '#core/ports/picture-decoder.ts';
import { AppError } from '#shared/errors.ts';

export type Rgb = readonly [number, number, number];

/** A portable pixmap: what `colourAt` says of each pixel. */
export function ppm(width: number, height: number, colourAt: (x: number, y: number) => Rgb): Blob {
  const head = new TextEncoder().encode(`P6\n${width} ${height}\n255\n`);
  const bytes = new Uint8Array(head.length + width * height * 3);
  bytes.set(head);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) bytes.set(colourAt(x, y), head.length + (y * width + x) * 3);
  return new Blob([bytes], { type: 'image/x-portable-pixmap' });
}

interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

async function read(file: Blob, name: string): Promise<Raster> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 40));
  const [head, width, height] = /^P6\n(\d+) (\d+)\n255\n/.exec(text) ?? [];
  if (head === undefined) throw new AppError('input/unsupported', `“${name}” is no pixmap.`);
  const rgb = bytes.subarray(head.length);
  if (rgb.length !== Number(width) * Number(height) * 3)
    throw new AppError('input/invalid', `“${name}” is cut off.`);
  return { width: Number(width), height: Number(height), rgb };
}

/** The mean of each area of `from`: [height × width × 3]. */
function scaled(raster: Raster, from: PictureRegion, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const span = (
    start: number,
    size: number,
    i: number,
    n: number,
    end: number,
  ): readonly [number, number] => {
    const first = Math.min(end - 1, Math.floor(start + (size * i) / n));
    return [first, Math.max(first + 1, Math.min(end, Math.floor(start + (size * (i + 1)) / n)))];
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [top, bottom] = span(from.y, from.height, y, height, raster.height);
      const [left, right] = span(from.x, from.width, x, width, raster.width);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++)
            sum += raster.rgb[(row * raster.width + column) * 3 + channel] ?? 0;
        out[(y * width + x) * 3 + channel] = Math.round(sum / ((bottom - top) * (right - left)));
      }
    }
  return out;
}

/** In pixels of the raster: what becomes the model's input. */
function areaOf(
  { width, height }: Raster,
  region: PictureRegion | undefined,
  input: PictureInput,
): PictureRegion {
  const { x, y, width: w, height: h } = region ?? { x: 0, y: 0, width: 1, height: 1 };
  const whole = { x: x * width, y: y * height, width: w * width, height: h * height };
  if (input.fit === 'stretch') return whole;
  const side = Math.min(whole.width, whole.height);
  return {
    x: whole.x + (whole.width - side) / 2,
    y: whole.y + (whole.height - side) / 2,
    width: side,
    height: side,
  };
}

export interface PpmDecoder extends PictureDecoder {
  /** Names of the pictures that were decoded, in order. */
  readonly decoded: string[];
  /** How many were decoded at once at most. */
  atOnce: number;
  /** Awaited before a picture is decoded. */
  pause?: ((name: string) => Promise<void>) | undefined;
}

/** A PictureDecoder that really computes, on portable pixmaps. */
export function createPpmDecoder(): PpmDecoder {
  let running = 0;
  const decoder: PpmDecoder = {
    decoded: [],
    atOnce: 0,
    sniff: (head) => (head[0] === 0x50 && head[1] === 0x36 ? 'image/x-portable-pixmap' : undefined),
    async decode({ file, name, input, region, thumbnailSize }: DecodeRequest, { signal } = {}) {
      running += 1;
      decoder.atOnce = Math.max(decoder.atOnce, running);
      try {
        await decoder.pause?.(name);
        if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled');
        const raster = await read(file, name);
        decoder.decoded.push(name);
        const whole = { x: 0, y: 0, width: raster.width, height: raster.height };
        const grid = scaled(raster, whole, 9, 8);
        const small = scaled(raster, whole, 4, 4);
        const thumbnail = thumbnailSize === undefined ? undefined : ppm(4, 4, (x, y) => at(small, 4, x, y));
        return {
          mediaType: 'image/x-portable-pixmap',
          width: raster.width,
          height: raster.height,
          isAnimated: false,
          pixels: scaled(raster, areaOf(raster, region, input), input.width, input.height),
          luminances: Uint8Array.from({ length: 72 }, (_, i) =>
            luminance(at(grid, 9, i % 9, Math.floor(i / 9))),
          ),
          ...(thumbnail === undefined ? {} : { thumbnail }),
        };
      } finally {
        running -= 1;
      }
    },
  };
  return decoder;
}

const at = (rgb: Uint8Array, width: number, x: number, y: number): Rgb => {
  const from = (y * width + x) * 3;
  return [rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0];
};

const luminance = ([red, green, blue]: Rgb): number => Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
