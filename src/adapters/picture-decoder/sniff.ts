/** What this adapter tells apart by the first bytes. */
export type PictureType =
  | 'image/jpeg'
  | 'image/png'
  | 'image/webp'
  | 'image/gif'
  | 'image/avif'
  | 'image/bmp'
  | 'image/svg+xml'
  | 'image/heic';

/** Bytes of the head that `sniffPicture` wants to see. */
export const HEAD_BYTES = 4096;

const startsWith = (head: Uint8Array, bytes: readonly number[], at = 0): boolean =>
  bytes.every((byte, i) => head[at + i] === byte);

const textAt = (head: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...head.subarray(at, at + length));

/** By the first bytes; the name counts only for an SVG whose root does not stand in the head. */
export function sniffPicture(head: Uint8Array, name: string): PictureType | undefined {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (textAt(head, 0, 4) === 'RIFF' && textAt(head, 8, 4) === 'WEBP') return 'image/webp';
  if (/^GIF8[79]a$/.test(textAt(head, 0, 6))) return 'image/gif';
  if (textAt(head, 4, 4) === 'ftyp') return sniffBrands(head);
  // 'BM', the reserved bytes, and a header of a known size.
  if (textAt(head, 0, 2) === 'BM' && startsWith(head, [0, 0, 0, 0], 6))
    return [12, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0) ? 'image/bmp' : undefined;
  return isSvg(head, name) ? 'image/svg+xml' : undefined;
}

/** ISO 14496-12: the major brand, then the compatible ones. */
function sniffBrands(head: Uint8Array): PictureType | undefined {
  const size = Math.min(((head[2] ?? 0) << 8) | (head[3] ?? 0), head.length);
  const brands = [textAt(head, 8, 4)];
  for (let at = 16; at + 4 <= size; at += 4) brands.push(textAt(head, at, 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'image/avif';
  return brands.some((brand) => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) ? 'image/heic' : undefined;
}

function isSvg(head: Uint8Array, name: string): boolean {
  const text = new TextDecoder().decode(head).replace(/^\uFEFF/, '');
  const root = text
    .replace(/<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(\[[\s\S]*?\]\s*)?>/gi, '')
    .trimStart();
  if (/^<(\w+:)?svg[\s>/]/.test(root)) return true;
  return /\.svg$/i.test(name) && /^\s*<([?!]|(\w+:)?svg)/.test(text) && !/<html[\s>]/i.test(text);
}
