import { describe, expect, test } from 'vitest';
import { createBlobReader } from './blob-reader.ts';
import { readHeader } from './read-header.ts';
import { type PictureType, sniffPicture } from './sniff.ts';

type Coded = Exclude<PictureType, 'image/svg+xml'>;

const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
const be16 = (n: number): number[] => [(n >> 8) & 255, n & 255];
const be32 = (n: number): number[] => [(n >>> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255];
const le16 = (n: number): number[] => be16(n).toReversed();
const le24 = (n: number): number[] => be32(n).toReversed().slice(0, 3);
const le32 = (n: number): number[] => be32(n).toReversed();
const zeros = (n: number): number[] => Array<number>(n).fill(0);

const segment = (marker: number, data: number[]): number[] => [
  0xff,
  marker,
  ...be16(data.length + 2),
  ...data,
];
const frame = (w: number, h: number): number[] => segment(0xc2, [8, ...be16(h), ...be16(w), 3, ...zeros(9)]);
const chunk = (name: string, data: number[]): number[] => [
  ...be32(data.length),
  ...ascii(name),
  ...data,
  ...zeros(4),
];
const riff = (name: string, data: number[]): number[] => [
  ...ascii(name),
  ...le32(data.length),
  ...data,
  ...zeros(data.length % 2),
];
const box = (name: string, data: number[]): number[] => [...be32(data.length + 8), ...ascii(name), ...data];
const png = (w: number, h: number, ...more: number[][]): number[] => [
  0x89,
  ...ascii('PNG\r\n\x1a\n'),
  ...chunk('IHDR', [...be32(w), ...be32(h), 8, 2, 0, 0, 0]),
  ...more.flat(),
];
const webp = (...chunks: number[][]): number[] => [
  ...ascii('RIFF'),
  ...le32(4 + chunks.flat().length),
  ...ascii('WEBP'),
  ...chunks.flat(),
];
const vp8x = (flags: number, w: number, h: number): number[] =>
  riff('VP8X', [flags, 0, 0, 0, ...le24(w - 1), ...le24(h - 1)]);
const heif = (brand: string, ...extents: [number, number][]): number[] => [
  ...box('ftyp', [...ascii(brand), ...zeros(4), ...ascii('mif1')]),
  ...box('free', zeros(20)),
  ...box('meta', [
    ...zeros(4),
    ...box('hdlr', zeros(20)),
    ...box(
      'iprp',
      box('ipco', [
        ...box('pixi', zeros(8)),
        ...extents.flatMap(([w, h]) => box('ispe', [...zeros(4), ...be32(w), ...be32(h)])),
      ]),
    ),
  ]),
];
const gifFrame = [0x2c, ...zeros(8), 0, 2, 2, 0x4c, 0x01, 0];
const gif = (w: number, h: number, frames: number): number[] => [
  ...ascii('GIF89a'),
  ...le16(w),
  ...le16(h),
  0x80,
  0,
  0,
  ...zeros(6),
  0x21,
  0xf9,
  4,
  0,
  0,
  0,
  0,
  0,
  ...Array.from({ length: frames }, () => gifFrame).flat(),
  0x3b,
];

const SAMPLES: readonly (readonly [string, Coded, number[], object])[] = [
  [
    'JPEG behind a large EXIF',
    'image/jpeg',
    [
      0xff,
      0xd8,
      ...segment(0xe1, zeros(60_000)),
      ...segment(0xe2, zeros(60_000)),
      0xff,
      ...segment(0xc4, zeros(9)),
      ...frame(4000, 3000),
    ],
    { width: 4000, height: 3000, isAnimated: false },
  ],
  [
    'PNG',
    'image/png',
    png(20_000, 20_000, chunk('IDAT', [1])),
    { width: 20_000, height: 20_000, isAnimated: false },
  ],
  [
    'PNG that moves',
    'image/png',
    png(8, 4, chunk('acTL', [...be32(3), ...be32(0)]), chunk('IDAT', [1])),
    { width: 8, height: 4, isAnimated: true },
  ],
  [
    'WebP with losses',
    'image/webp',
    webp(riff('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, ...le16(640), ...le16(480), ...zeros(8)])),
    { width: 640, height: 480, isAnimated: false },
  ],
  [
    'WebP without losses',
    'image/webp',
    webp(riff('VP8L', [0x2f, ...le32(((480 - 1) << 14) | (640 - 1)), ...zeros(12)])),
    { width: 640, height: 480, isAnimated: false },
  ],
  [
    'WebP of 200,000 frames',
    'image/webp',
    webp(vp8x(2, 300, 200), ...Array.from({ length: 200 }, () => riff('ANMF', zeros(16)))),
    { width: 300, height: 200, isAnimated: true },
  ],
  [
    'WebP with EXIF behind',
    'image/webp',
    webp(vp8x(8, 300, 200), riff('VP8 ', zeros(11)), riff('EXIF', zeros(20))),
    { width: 300, height: 200, isAnimated: false, exif: { at: 58, length: 20 } },
  ],
  [
    'GIF of one picture',
    'image/gif',
    gif(65_535, 65_535, 1),
    { width: 65_535, height: 65_535, isAnimated: false },
  ],
  ['GIF that moves', 'image/gif', gif(10, 12, 3), { width: 10, height: 12, isAnimated: true }],
  [
    'AVIF of tiles',
    'image/avif',
    heif('avif', [512, 512], [4032, 3024]),
    { width: 4032, height: 3024, isAnimated: false },
  ],
  ['AVIF that moves', 'image/avif', heif('avis', [10, 20]), { width: 10, height: 20, isAnimated: true }],
  [
    'HEIC',
    'image/heic',
    heif('heic', [512, 512], [4032, 3024]),
    { width: 4032, height: 3024, isAnimated: false },
  ],
  [
    'BMP from the top',
    'image/bmp',
    [...ascii('BM'), ...zeros(12), ...le32(40), ...le32(30), ...le32(-20), ...zeros(30)],
    { width: 30, height: 20, isAnimated: false },
  ],
];

const headerOf = (bytes: readonly number[], type: Coded) =>
  readHeader(createBlobReader(new Blob([Uint8Array.from(bytes)])), type);

describe('headers', () => {
  test.each(SAMPLES)('%s', async (_, type, bytes, expected) => {
    expect(sniffPicture(Uint8Array.from(bytes.slice(0, 4096)), 'holiday.txt')).toBe(type);
    expect(await headerOf(bytes, type)).toEqual(expected);
  });

  test('cut off anywhere, a header is read or refused, and never wrong', async () => {
    for (const [name, type, bytes, expected] of SAMPLES)
      for (let length = 0; length < Math.min(bytes.length, 200); length += 1) {
        const header = await headerOf(bytes.slice(0, length), type);
        if (header !== undefined)
          expect({ width: header.width, height: header.height }, `${name} at ${length}`).toEqual({
            width: (expected as { width: number }).width,
            height: (expected as { height: number }).height,
          });
      }
  });

  test.each<[string, Coded, number[]]>([
    [
      'a JPEG without a frame',
      'image/jpeg',
      [0xff, 0xd8, ...segment(0xe0, zeros(9)), 0xff, 0xda, ...zeros(20)],
    ],
    ['a JPEG of height 0', 'image/jpeg', [0xff, 0xd8, ...frame(100, 0)]],
    ['a JPEG of endless fill', 'image/jpeg', [0xff, 0xd8, ...Array<number>(30_000).fill(0xff)]],
    ['a PNG without IHDR', 'image/png', [0x89, ...ascii('PNG\r\n\x1a\n'), ...chunk('IDAT', zeros(20))]],
    [
      'boxes of no size',
      'image/avif',
      [...box('ftyp', ascii('avif')), ...be32(3), ...ascii('meta'), ...zeros(40)],
    ],
    ['a HEIC without extent', 'image/heic', heif('heic')],
  ])('%s is refused', async (_, type, bytes) => {
    expect(await headerOf(bytes, type)).toBeUndefined();
  });
});

describe('sniffing', () => {
  const sniff = (text: string, name = 'x') => sniffPicture(new TextEncoder().encode(text), name);

  test.each([
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'x'],
    ['\uFEFF<?xml version="1.0"?>\n<!-- made <svg> by hand -->\n<!DOCTYPE svg PUBLIC "a" "b">\n<svg>', 'x'],
    ['<!DOCTYPE svg [ <!ENTITY a "b"> ]><svg:svg xmlns:svg="http://www.w3.org/2000/svg">', 'x'],
    [`<?xml version="1.0"?><!-- ${'long '.repeat(900)}`, 'drawing.SVG'],
  ])('a drawing is known by its root', (text, name) => {
    expect(sniff(text, name)).toBe('image/svg+xml');
  });

  test.each([
    ['', 'a.jpg'],
    ['<html><svg></svg></html>', 'a.svg'],
    ['hello', 'a.png'],
    ['BMW has four letters less', 'a.bmp'],
    ['RIFFxxxxWAVEfmt ', 'a.webp'],
    ['\0\0\0\x18ftypmp42', 'a.heic'],
    ['%PDF-1.7', 'a.jpg'],
  ])('%j is no picture', (text, name) => {
    expect(sniff(text, name)).toBeUndefined();
  });
});
