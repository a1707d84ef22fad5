/** Pictures made here and now, for the tests of decoders. */
export async function painted(
  width: number,
  height: number,
  type: string,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<Blob> {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('No canvas');
  paint(context);
  const blob = await context.canvas.convertToBlob({ type, quality: 1 });
  if (blob.type !== type) throw new Error(`This browser writes no ${type}`);
  return blob;
}

/** Left half red, right half blue. */
export function scene(width: number, height: number, type: string): Promise<Blob> {
  return painted(width, height, type, (context) => {
    context.fillStyle = '#f00';
    context.fillRect(0, 0, width / 2, height);
    context.fillStyle = '#00f';
    context.fillRect(width / 2, 0, width / 2, height);
  });
}

const le16 = (n: number): number[] => [n & 255, (n >> 8) & 255];
const le32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255];

/** 24 bits, from the bottom up. */
export function bmpScene(width: number, height: number): Blob {
  const row = Array.from({ length: width }, (_, x) => (x < width / 2 ? [0, 0, 255] : [255, 0, 0])).flat();
  const padded = [...row, ...Array<number>((4 - (row.length % 4)) % 4).fill(0)];
  const pixels = Array.from({ length: height }, () => padded).flat();
  const head = [
    0x42,
    0x4d,
    ...le32(54 + pixels.length),
    0,
    0,
    0,
    0,
    ...le32(54),
    ...le32(40),
    ...le32(width),
  ];
  const rest = [...le32(height), 1, 0, 24, 0, ...Array<number>(24).fill(0)];
  return new Blob([Uint8Array.from([...head, ...rest, ...pixels])]);
}

/**
 * 128 colours and a clear code after every hundred pixels: so codes stay eight bits wide and are bytes. The first frame
 * is the scene, the others are green.
 */
export function gifScene(width: number, height: number, frames: number): Blob {
  const colours = [[255, 0, 0], [0, 0, 255], [0, 255, 0], ...Array<number[]>(125).fill([0, 0, 0])].flat();
  const frame = (isFirst: boolean): number[] => {
    const codes: number[] = [];
    for (let i = 0; i < width * height; i++) {
      if (i % 100 === 0) codes.push(128);
      codes.push(isFirst ? Number(i % width >= width / 2) : 2);
    }
    codes.push(129);
    const blocks: number[] = [];
    for (let at = 0; at < codes.length; at += 255)
      blocks.push(Math.min(255, codes.length - at), ...codes.slice(at, at + 255));
    return [
      0x21,
      0xf9,
      4,
      0,
      5,
      0,
      0,
      0,
      0x2c,
      0,
      0,
      0,
      0,
      ...le16(width),
      ...le16(height),
      0,
      7,
      ...blocks,
      0,
    ];
  };
  const head = [...'GIF89a'].map((c) => c.charCodeAt(0));
  const all = Array.from({ length: frames }, (_, i) => frame(i === 0)).flat();
  return new Blob([
    Uint8Array.from([...head, ...le16(width), ...le16(height), 0xf6, 0, 0, ...colours, ...all, 0x3b]),
  ]);
}

/** An animation of these pictures, each shown for that long; of 125 colours, so that codes are bytes as in `gifScene`. */
export function gifOf(pictures: readonly ImageData[], milliseconds: number): Blob {
  const [{ width, height } = { width: 1, height: 1 }] = pictures;
  const level = (i: number): number => Math.round((i * 255) / 4);
  const colours = Array.from({ length: 125 }, (_, i) =>
    [i / 25, (i / 5) % 5, i % 5].map((x) => level(Math.floor(x))),
  );
  const step = (value = 0): number => Math.round((value * 4) / 255);
  const frame = ({ data }: ImageData): Uint8Array[] => {
    const codes: number[] = [];
    for (let i = 0; i < width * height; i++) {
      if (i % 100 === 0) codes.push(128);
      codes.push(step(data[i * 4]) * 25 + step(data[i * 4 + 1]) * 5 + step(data[i * 4 + 2]));
    }
    codes.push(129);
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < codes.length; at += 255) {
      const block = codes.slice(at, at + 255);
      blocks.push(Uint8Array.from([block.length, ...block]));
    }
    const control = [0x21, 0xf9, 4, 4, ...le16(milliseconds / 10), 0, 0];
    const place = [0x2c, 0, 0, 0, 0, ...le16(width), ...le16(height), 0, 7];
    return [Uint8Array.from([...control, ...place]), ...blocks, Uint8Array.of(0)];
  };
  const head = [...'GIF89a'].map((c) => c.charCodeAt(0));
  const table = [...colours.flat(), ...Array<number>(9).fill(0)];
  const bytes = joined([
    Uint8Array.from([...head, ...le16(width), ...le16(height), 0xf6, 0, 0, ...table]),
    ...pictures.flatMap(frame),
    Uint8Array.of(0x3b),
  ]);
  return new Blob([bytes], { type: 'image/gif' });
}

const riff = (name: string, data: Uint8Array): Uint8Array[] => [
  Uint8Array.from([...[...name].map((c) => c.charCodeAt(0)), ...le32(data.length)]),
  data,
  new Uint8Array(data.length % 2),
];

const le24 = (n: number): number[] => le32(n).slice(0, 3);

/** An animation of the same frame again and again, made of a WebP that stands still; EXIF behind it if it is given. */
export async function webpAnimation(
  still: Blob,
  width: number,
  height: number,
  frames: number,
  exif?: Uint8Array,
) {
  const bytes = new Uint8Array(await still.arrayBuffer());
  const picture = chunkOf(bytes);
  const size = [...le24(width - 1), ...le24(height - 1)];
  const parts = [...riff('VP8X', Uint8Array.from([frames > 1 ? 2 : exif ? 8 : 0, 0, 0, 0, ...size]))];
  if (frames > 1) {
    parts.push(...riff('ANIM', new Uint8Array(6)));
    const frame = riff('ANMF', joined([Uint8Array.from([0, 0, 0, 0, 0, 0, ...size, 100, 0, 0, 0]), picture]));
    for (let i = 0; i < frames; i++) parts.push(...frame);
  } else parts.push(picture);
  if (exif !== undefined) parts.push(...riff('EXIF', exif));
  const body = joined(parts);
  const head = [0x52, 0x49, 0x46, 0x46, ...le32(4 + body.length), 0x57, 0x45, 0x42, 0x50];
  return new Blob([Uint8Array.from(head), body], { type: 'image/webp' });
}

/** The 'VP8 ' or 'VP8L' chunk of a still WebP, whatever stands around it. */
function chunkOf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  for (let at = 12; at + 8 < bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const whole = 8 + length + (length % 2);
    if (bytes[at + 2] === 0x38 && bytes[at + 3] !== 0x58) return bytes.slice(at, at + whole);
    at += whole;
  }
  throw new Error('No picture in this WebP');
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A PNG that states this size and has nothing behind. */
export function pngHeader(width: number, height: number): Blob {
  const be32 = (n: number): number[] => le32(n).toReversed();
  return new Blob([
    Uint8Array.from([
      ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
      ...[...be32(width), ...be32(height), 8, 2, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 0, 1, 0x49, 0x44, 0x41, 0x54, 0, 0, 0, 0, 0],
    ]),
  ]);
}
