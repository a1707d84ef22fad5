import { type BlobReader, letters } from './blob-reader.ts';
import { readBmffHeader } from './bmff-header.ts';
import { readGifHeader } from './gif-header.ts';
import type { PictureType } from './sniff.ts';

/** What the container says before anything is decoded. */
export interface PictureHeader {
  /** Pixels as stored, before any orientation. */
  readonly width: number;
  readonly height: number;
  readonly isAnimated: boolean;
  /** Where EXIF lies that the EXIF library does not find itself. */
  readonly exif?: { readonly at: number; readonly length: number };
}

/** A file that goes on and on with small parts is given up. */
const MOST_PARTS = 10_000;

/** Undefined: the header is broken, or cut off. */
export async function readHeader(
  reader: BlobReader,
  type: Exclude<PictureType, 'image/svg+xml'>,
): Promise<PictureHeader | undefined> {
  try {
    const header = await READERS[type](reader);
    return header !== undefined && header.width > 0 && header.height > 0 ? header : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // read beyond the end
    throw error;
  }
}

const READERS: Readonly<
  Record<Exclude<PictureType, 'image/svg+xml'>, (reader: BlobReader) => Promise<PictureHeader | undefined>>
> = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readWebp,
  'image/gif': readGifHeader,
  'image/avif': readBmffHeader,
  'image/heic': readBmffHeader,
  'image/bmp': readBmp,
};

/** ITU T.81, annex B: marker segments up to the frame header (SOF). */
async function readJpeg(reader: BlobReader): Promise<PictureHeader | undefined> {
  let at = 2;
  for (let part = 0; part < MOST_PARTS; part++) {
    const view = await reader.read(at, 9);
    if (view.getUint8(0) !== 0xff) return undefined;
    const marker = view.getUint8(1);
    const isFill = marker === 0xff;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(7), height: view.getUint16(5), isAnimated: false };
    if (marker === 0xda || marker === 0xd9) return undefined; // data, or the end, without a frame header
    const isAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += isFill ? 1 : isAlone ? 2 : 2 + view.getUint16(2);
  }
  return undefined;
}

/** IHDR is first; 'acTL' stands before the data if it is an animation (APNG). */
async function readPng(reader: BlobReader): Promise<PictureHeader | undefined> {
  const first = await reader.read(8, 16);
  if (letters(first, 4) !== 'IHDR') return undefined;
  const size = { width: first.getUint32(8), height: first.getUint32(12) };
  let at = 8;
  for (let part = 0; part < MOST_PARTS && at + 12 <= reader.size; part++) {
    const chunk = await reader.read(at, 12);
    const name = letters(chunk, 4);
    if (name === 'acTL') return { ...size, isAnimated: chunk.getUint32(8) > 1 };
    if (name === 'IDAT') break;
    at += 12 + chunk.getUint32(0);
  }
  return { ...size, isAnimated: false };
}

/** RFC 9649. */
async function readWebp(reader: BlobReader): Promise<PictureHeader | undefined> {
  const first = await reader.read(12, 18);
  const kind = letters(first);
  if (kind === 'VP8 ') {
    if (first.getUint8(11) !== 0x9d || first.getUint8(12) !== 0x01 || first.getUint8(13) !== 0x2a)
      return undefined;
    return {
      width: first.getUint16(14, true) & 0x3fff,
      height: first.getUint16(16, true) & 0x3fff,
      isAnimated: false,
    };
  }
  if (kind === 'VP8L') {
    if (first.getUint8(8) !== 0x2f) return undefined;
    const bits = first.getUint32(9, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, isAnimated: false };
  }
  if (kind !== 'VP8X') return undefined;
  const flags = first.getUint8(8);
  const size = { width: 1 + uint24(first, 12), height: 1 + uint24(first, 15) };
  const { frames, exif } = await walkWebp(reader, (flags & 0x08) !== 0);
  return { ...size, isAnimated: (flags & 0x02) !== 0 && frames > 1, ...(exif ? { exif } : {}) };
}

/** Frames, no more than two of them counted, and the EXIF chunk behind them where there is to be one. */
async function walkWebp(reader: BlobReader, hasExif: boolean) {
  let frames = 0;
  let at = 30;
  for (let part = 0; part < MOST_PARTS && at + 8 <= reader.size; part++) {
    const chunk = await reader.read(at, 8);
    const name = letters(chunk);
    const length = chunk.getUint32(4, true);
    if (name === 'ANMF') frames += 1;
    if (name === 'EXIF') return { frames, exif: { at: at + 8, length } };
    if (frames > 1 && !hasExif) break;
    at += 8 + length + (length % 2);
  }
  return { frames, exif: undefined };
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** A negative height is a picture from top to bottom. */
async function readBmp(reader: BlobReader): Promise<PictureHeader | undefined> {
  const view = await reader.read(14, 12);
  if (view.getUint32(0, true) === 12)
    return { width: view.getUint16(4, true), height: view.getUint16(6, true), isAnimated: false };
  return { width: view.getInt32(4, true), height: Math.abs(view.getInt32(8, true)), isAnimated: false };
}
