const textAt = (head: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...head.subarray(at, at + length));

/** Major brands of files that hold sound, pictures or nothing that is shown ('M4A ', 'heic', 'avif' …). */
const NO_FILM = /^(?:M4[AB] |F4[AB] |avi[fs]|hei[cxms]|hev[cxms]|mif1|msf1|crx |jp2 |jpx )$/;

/** By the first bytes: ISO base media (ISO 14496-12) and Matroska, of which WebM is a part (RFC 8794, RFC 9559). */
export function sniffFilm(head: Uint8Array): string | undefined {
  if (textAt(head, 4, 4) === 'ftyp') {
    const brand = textAt(head, 8, 4);
    if (NO_FILM.test(brand)) return undefined;
    return brand === 'qt  ' ? 'video/quicktime' : 'video/mp4';
  }
  if (textAt(head, 0, 4) !== '\x1A\x45\xDF\xA3') return undefined;
  const start = textAt(head, 0, Math.min(head.length, 64));
  if (start.includes('webm')) return 'video/webm';
  return start.includes('matroska') ? 'video/x-matroska' : undefined;
}
