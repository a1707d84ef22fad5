import { AppError } from '#shared/errors.ts';

export interface PictureHead {
  readonly kind: 'PNG' | 'JPEG' | 'WebP';
  /** In pixels, as stored: a camera's turning mark is not looked at. */
  readonly width: number;
  readonly height: number;
}

/** Long enough for the colour profile and the small picture that cameras put before the size. */
const HEAD_BYTES = 2 ** 20;

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** What kind of picture the first bytes are of; undefined for everything that is not read here. */
export function pictureKind(head: Uint8Array): PictureHead['kind'] | undefined {
  if (head[0] === 0x89 && ascii(head, 1, 4) === 'PNG') return 'PNG';
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'JPEG';
  return ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP' ? 'WebP' : undefined;
}

type Size = readonly [width: number, height: number];

/** The first frame's segment says the size (ITU T.81, B.2.2); DHT, JPG and DAC look like one. */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; at + 9 < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(view: DataView, bytes: Uint8Array): Size | undefined {
  if (view.byteLength < 30) return undefined;
  const chunk = ascii(bytes, 12, 16);
  const three = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (chunk === 'VP8X') return [three(24) + 1, three(27) + 1];
  if (chunk === 'VP8 ') return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  if (chunk !== 'VP8L') return undefined;
  const bits = view.getUint32(21, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

function sizeOf(kind: PictureHead['kind'], bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === 'JPEG') return jpegSize(view);
  if (kind === 'WebP') return webpSize(view, bytes);
  return view.byteLength < 24 ? undefined : [view.getUint32(16), view.getUint32(20)];
}

/** Its end is missing. Browsers decode such a picture as far as it goes, and paint the rest grey. */
async function isCutOff(kind: PictureHead['kind'], file: Blob, bytes: Uint8Array): Promise<boolean> {
  if (kind === 'WebP') return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 > file.size;
  const tail = new Uint8Array(await file.slice(Math.max(0, file.size - 64 * 1024)).arrayBuffer());
  if (kind === 'PNG') return !ascii(tail, Math.max(0, tail.length - 1024), tail.length).includes('IEND');
  return !tail.some((byte, i) => byte === 0xff && tail[i + 1] === 0xd9);
}

/** Kind and size of a picture without decoding it. Errors: input/invalid (damaged, cut off, not a picture that is read). */
export async function readPictureHead(file: Blob): Promise<PictureHead> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const kind = pictureKind(bytes);
  const size = kind && sizeOf(kind, bytes);
  if (kind === undefined)
    throw new AppError('input/invalid', 'This is no PNG, JPEG or WebP picture. Save it as one of these.');
  if (size === undefined || size[0] < 1 || size[1] < 1)
    throw new AppError(
      'input/invalid',
      `This ${kind} picture is damaged: its size cannot be read. Get a fresh copy where it came from.`,
    );
  if (await isCutOff(kind, file, bytes))
    throw new AppError(
      'input/invalid',
      `This ${kind} picture is cut off: its end is missing. Get the whole file again where it came from.`,
    );
  return { kind, width: size[0], height: size[1] };
}
