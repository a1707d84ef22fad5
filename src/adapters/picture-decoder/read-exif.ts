import { type CameraFacts, factsOf, type RawTags } from './exif-facts.ts';
import type { PictureHeader } from './read-header.ts';
import type { PictureType } from './sniff.ts';

const MOST_EXIF_BYTES = 1_000_000;
const OPTIONS = {
  tiff: true,
  ifd0: { pick: ['Make', 'Model'] },
  exif: { pick: ['DateTimeOriginal', 'CreateDate', 'OffsetTimeOriginal', 'OffsetTimeDigitized'] },
  gps: true,
  xmp: false,
  icc: false,
  iptc: false,
  jfif: false,
  ihdr: false,
  translateValues: false,
  reviveValues: false,
};

/** Date, camera and place; nothing where the file has none or they cannot be read. */
export async function readExif(file: Blob, type: PictureType, header: PictureHeader): Promise<CameraFacts> {
  if (type === 'image/gif' || type === 'image/bmp' || type === 'image/svg+xml') return {};
  if (type === 'image/webp' && header.exif === undefined) return {};
  try {
    const { default: exifr } = await import('exifr');
    const source = header.exif === undefined ? file : await tiffOf(file, header.exif);
    const tags = (await exifr.parse(source, OPTIONS)) as RawTags | undefined;
    return tags === undefined ? {} : factsOf(tags);
  } catch {
    return {}; // a broken block of EXIF; the picture itself may be fine
  }
}

/** The bare TIFF: some writers put the JPEG's 'Exif\0\0' before it. */
async function tiffOf(file: Blob, { at, length }: { readonly at: number; readonly length: number }) {
  const bytes = new Uint8Array(await file.slice(at, at + Math.min(length, MOST_EXIF_BYTES)).arrayBuffer());
  const isPrefixed = new TextDecoder('latin1').decode(bytes.subarray(0, 4)) === 'Exif';
  return isPrefixed ? bytes.slice(6) : bytes;
}
