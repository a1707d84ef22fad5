type Value =
  | { readonly type: 'ascii'; readonly text: string }
  | { readonly type: 'short'; readonly value: number }
  | { readonly type: 'long'; readonly value: number }
  | { readonly type: 'rationals'; readonly values: readonly (readonly [number, number])[] };

export interface ExifSample {
  readonly orientation?: number;
  readonly make?: string;
  readonly model?: string;
  readonly dateTimeOriginal?: string;
  readonly offset?: string;
  /** Degrees, minutes, seconds. */
  readonly latitude?: readonly [number, number, number, 'N' | 'S'];
  readonly longitude?: readonly [number, number, number, 'E' | 'W'];
}

/** TIFF 6.0 by hand, little-endian: IFD0, then the EXIF and the GPS directory. */
export function tiffOf(sample: ExifSample): Uint8Array {
  const ascii = (text: string): Value => ({ type: 'ascii', text: `${text}\0` });
  const dms = (parts: readonly [number, number, number, string]): Value => ({
    type: 'rationals',
    values: [
      [parts[0], 1],
      [parts[1], 1],
      [Math.round(parts[2] * 100), 100],
    ],
  });
  const exif: [number, Value][] = [];
  if (sample.dateTimeOriginal) exif.push([0x9003, ascii(sample.dateTimeOriginal)]);
  if (sample.offset) exif.push([0x9011, ascii(sample.offset)]);
  const gps: [number, Value][] = [];
  if (sample.latitude) gps.push([1, ascii(sample.latitude[3])], [2, dms(sample.latitude)]);
  if (sample.longitude) gps.push([3, ascii(sample.longitude[3])], [4, dms(sample.longitude)]);
  const main: [number, Value][] = [];
  if (sample.make) main.push([0x010f, ascii(sample.make)]);
  if (sample.model) main.push([0x0110, ascii(sample.model)]);
  if (sample.orientation) main.push([0x0112, { type: 'short', value: sample.orientation }]);
  if (exif.length > 0) main.push([0x8769, { type: 'long', value: 1024 }]);
  if (gps.length > 0) main.push([0x8825, { type: 'long', value: 2048 }]);
  const bytes = new Uint8Array(3072);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
  writeDirectory(view, 8, main);
  writeDirectory(view, 1024, exif);
  writeDirectory(view, 2048, gps);
  return bytes;
}

const TYPES = { ascii: 2, short: 3, long: 4, rationals: 5 } as const;

function writeDirectory(view: DataView, at: number, entries: readonly (readonly [number, Value])[]): void {
  view.setUint16(at, entries.length, true);
  let data = at + 2 + entries.length * 12 + 4;
  for (const [i, [tag, value]] of entries.entries()) {
    const entry = at + 2 + i * 12;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, TYPES[value.type], true);
    if (value.type === 'short' || value.type === 'long') {
      view.setUint32(entry + 4, 1, true);
      view.setUint32(entry + 8, value.value, true);
    } else if (value.type === 'ascii') {
      view.setUint32(entry + 4, value.text.length, true);
      const isInside = value.text.length <= 4;
      if (!isInside) view.setUint32(entry + 8, data, true);
      for (let c = 0; c < value.text.length; c++)
        view.setUint8((isInside ? entry + 8 : data) + c, value.text.charCodeAt(c));
      if (!isInside) data += value.text.length;
    } else {
      view.setUint32(entry + 4, value.values.length, true);
      view.setUint32(entry + 8, data, true);
      for (const [over, under] of value.values) {
        view.setUint32(data, over, true);
        view.setUint32(data + 4, under, true);
        data += 8;
      }
    }
  }
}

/** The same JPEG with an APP1 segment behind its SOI. */
export async function withExif(jpeg: Blob, sample: ExifSample): Promise<Blob> {
  const tiff = tiffOf(sample);
  const length = tiff.length + 8;
  const head = Uint8Array.of(0xff, 0xe1, length >> 8, length & 255, 0x45, 0x78, 0x69, 0x66, 0, 0);
  return new Blob([jpeg.slice(0, 2), head, tiff as Uint8Array<ArrayBuffer>, jpeg.slice(2)], {
    type: 'image/jpeg',
  });
}
