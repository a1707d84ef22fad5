import { type BlobReader, letters } from './blob-reader.ts';
import type { PictureHeader } from './read-header.ts';

const MOST_BOXES = 1000;
/** Where the properties lie. A 'meta' box of more than this is no picture's. */
const MOST_META_BYTES = 4_000_000;

interface Box {
  readonly name: string;
  readonly at: number;
  readonly end: number;
}

/** ISO 23008-12 (HEIF, AVIF): the largest extent ('ispe') that the 'meta' box states; tiles of a grid are smaller. */
export async function readBmffHeader(reader: BlobReader): Promise<PictureHeader | undefined> {
  const brands = await reader.read(8, 4);
  const isAnimated = /^(avis|msf1|hevc|hevx)$/.test(letters(brands));
  let at = 0;
  for (let box = 0; box < MOST_BOXES && at + 8 <= reader.size; box++) {
    const head = await reader.read(at, 16);
    const size = sizeOf(head, 0, reader.size - at);
    if (letters(head, 4) === 'meta') {
      if (size > MOST_META_BYTES) return undefined;
      const meta = await reader.read(at, size);
      if (meta.byteLength < size) return undefined; // cut off: the largest extent may be missing
      const extent = largestExtent(meta);
      return extent && { ...extent, isAnimated };
    }
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}

function largestExtent(meta: DataView): { width: number; height: number } | undefined {
  let largest: { width: number; height: number } | undefined;
  for (const properties of boxesIn(meta, 12, meta.byteLength).filter(({ name }) => name === 'iprp'))
    for (const container of boxesIn(meta, properties.at, properties.end).filter(
      ({ name }) => name === 'ipco',
    ))
      for (const { at } of boxesIn(meta, container.at, container.end).filter(({ name }) => name === 'ispe')) {
        const extent = { width: meta.getUint32(at + 4), height: meta.getUint32(at + 8) };
        if (largest === undefined || extent.width * extent.height > largest.width * largest.height)
          largest = extent;
      }
  return largest;
}

/** Children of a box; `at` is behind their header. */
function boxesIn(view: DataView, from: number, to: number): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < MOST_BOXES; ) {
    const size = sizeOf(view, at, to - at);
    if (size < 8) break;
    boxes.push({ name: letters(view, at + 4), at: at + 8, end: Math.min(at + size, to) });
    at += size;
  }
  return boxes;
}

/** 0: up to the end; 1: the size follows in 64 bits. */
function sizeOf(view: DataView, at: number, rest: number): number {
  const size = view.getUint32(at);
  if (size === 0) return rest;
  return size === 1 ? Number(view.getBigUint64(at + 8)) : size;
}
