import { AppError } from '#shared/errors.ts';

/** Bytes of the head that every `accepts` wants to see. */
const SIGNATURES: readonly {
  readonly name: string;
  readonly bytes: readonly number[];
  readonly at?: number;
}[] = [
  { name: 'a PNG picture', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'a JPEG picture', bytes: [0xff, 0xd8, 0xff] },
  { name: 'a GIF picture', bytes: [0x47, 0x49, 0x46, 0x38] },
  { name: 'a WebP picture', bytes: [0x57, 0x45, 0x42, 0x50], at: 8 },
  { name: 'a TIFF picture', bytes: [0x49, 0x49, 0x2a, 0x00] },
  { name: 'a TIFF picture', bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { name: 'a ZIP archive (also .docx, .xlsx, .epub)', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'a gzip archive', bytes: [0x1f, 0x8b] },
  { name: 'a 7-Zip archive', bytes: [0x37, 0x7a, 0xbc, 0xaf] },
  { name: 'an old Office document (.doc, .xls, .ppt)', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'a program', bytes: [0x7f, 0x45, 0x4c, 0x46] },
  { name: 'a GGUF model', bytes: [0x47, 0x47, 0x55, 0x46] },
  { name: 'an audio or video file', bytes: [0x66, 0x74, 0x79, 0x70], at: 4 },
  { name: 'an audio file', bytes: [0x49, 0x44, 0x33] },
];

/** What the first bytes say a file is, in words; undefined when they could be text or a PDF. */
export function binaryKind(head: Uint8Array): string | undefined {
  return SIGNATURES.find(({ bytes, at = 0 }) => bytes.every((byte, i) => head[at + i] === byte))?.name;
}

export function isZip(head: Uint8Array): boolean {
  return (
    head[0] === 0x50 &&
    head[1] === 0x4b &&
    ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
  );
}

/** A modern Office file: its first members are among the first bytes, and one of them lies in this folder. */
export function zipHeadNames(head: Uint8Array, folder: 'word/' | 'xl/'): boolean {
  const names = new TextDecoder('latin1').decode(head);
  return names.includes('[Content_Types].xml') && names.includes(folder);
}

/** A PDF's header may stand anywhere in the first 1024 bytes (ISO 32000-1, annex H, note 13). */
export function isPdf(head: Uint8Array): boolean {
  const limit = Math.min(head.length - 5, 1024);
  for (let at = 0; at <= limit; at++)
    if (
      head[at] === 0x25 &&
      head[at + 1] === 0x50 &&
      head[at + 2] === 0x44 &&
      head[at + 3] === 0x46 &&
      head[at + 4] === 0x2d
    )
      return true;
  return false;
}

/** The first bytes look like a web page: a doctype, or one of the elements that a page begins with. */
export function looksLikeHtml(head: Uint8Array): boolean {
  const opening = new TextDecoder(hasUtf16Bom(head) ? utf16Label(head) : 'utf-8').decode(
    head.subarray(0, 1024),
  );
  return /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(
    opening,
  );
}

export function hasUtf16Bom(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
}

function utf16Label(head: Uint8Array): 'utf-16le' | 'utf-16be' {
  return head[0] === 0xff ? 'utf-16le' : 'utf-16be';
}

export async function headOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, 4096).arrayBuffer());
}

export function nameOf(file: Blob): string {
  return file instanceof File ? file.name : 'document';
}

export function refuseEmpty(file: Blob): void {
  if (file.size === 0)
    throw new AppError(
      'input/invalid',
      'This file is empty (0 bytes). Save it again where it came from, then add it.',
      {
        details: { sizeBytes: 0 },
      },
    );
}
