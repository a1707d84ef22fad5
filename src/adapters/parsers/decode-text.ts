import { breathe, throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { binaryKind, hasUtf16Bom, headOf, isPdf, nameOf, refuseEmpty } from './sniff.ts';

const SLICE_BYTES = 2 * 2 ** 20;
/** In memory a character takes one byte or two: what is larger would not leave room to work with it. */

function binary(what: string): AppError {
  return new AppError('input/invalid', `This is ${what}, not text. Add the document itself, or its text.`, {
    details: { kind: what },
  });
}

/** Code units that no text holds: controls, private use, halves of pairs, what Unicode has not given out. */
function strangeShare(text: string): number {
  const strange =
    text.match(/[^\P{C}\t\n\f\r\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{2069}\u{FEFF}]/gu)?.length ?? 0;
  return strange / Math.max(1, text.length);
}

/**
 * UTF-16 without its mark. Spaces, line ends and digits have a zero byte, and the bytes that name the block (0 for Latin, 4
 * for Cyrillic, 4E to 9F for Han) are fewer than those that name the letter.
 */
function guessUtf16(head: Uint8Array): string | undefined {
  if (head.length < 16 || !head.includes(0)) return undefined;
  const lanes = [new Set<number>(), new Set<number>()];
  head.forEach((byte, i) => {
    lanes[i % 2]?.add(byte);
  });
  const label = (lanes[1]?.size ?? 0) < (lanes[0]?.size ?? 0) ? 'utf-16le' : 'utf-16be';
  const text = new TextDecoder(label).decode(head.subarray(0, head.length - (head.length % 2)));
  return strangeShare(text) <= 0.01 ? label : undefined;
}

/** What the bytes themselves say; undefined = UTF-8 if it is valid, else windows-1252. */
function labelOf(head: Uint8Array): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (hasUtf16Bom(head)) return head[0] === 0xff ? 'utf-16le' : 'utf-16be';
  return guessUtf16(head);
}

function isControl(code: number): boolean {
  return code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13 && code !== 27;
}

function refuseBinary(head: Uint8Array, label: string | undefined): void {
  const kind = isPdf(head) ? 'a PDF' : binaryKind(head);
  if (kind) throw binary(kind);
  if (label?.startsWith('utf-16')) return;
  let controls = 0;
  for (const byte of head) if (isControl(byte)) controls++;
  if (head.includes(0) || controls > head.length * 0.02) throw binary('a binary file');
}

/** Decodes slice by slice; line ends become \n. Undefined when the bytes are not valid in this encoding. */
async function decode(
  file: Blob,
  decoder: TextDecoder,
  options: CallOptions | undefined,
): Promise<string | undefined> {
  const parts: string[] = [];
  let held = '';
  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    if (at > 0) await breathe();
    throwIfAborted(options?.signal);
    const end = Math.min(at + SLICE_BYTES, file.size);
    const bytes = await file.slice(at, end).arrayBuffer();
    let text: string;
    try {
      text = held + decoder.decode(bytes, { stream: end < file.size });
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
    // A CR at the seam may be half of a CRLF.
    held = end < file.size && text.endsWith('\r') ? '\r' : '';
    if (held) text = text.slice(0, -1);
    if (text.includes('\0')) throw binary('a binary file');
    parts.push(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);
    options?.onProgress?.({
      phase: 'parse',
      done: end,
      total: file.size,
      unit: 'bytes',
      label: nameOf(file),
    });
  }
  return parts.join('');
}

/**
 * A text file as a string: the byte order mark decides, then `declared` (a page's own charset), then UTF-8 if the whole
 * file is valid UTF-8, else windows-1252. Read in slices, so that an abort arrives and the thread stays usable.
 * Errors: input/invalid (empty, binary), input/too-large.
 */
export async function decodeText(
  file: Blob,
  options: CallOptions | undefined,
  declared?: (head: Uint8Array) => string | undefined,
): Promise<string> {
  refuseEmpty(file);
  if (file.size > MAX_TEXT_BYTES)
    throw new AppError(
      'input/too-large',
      `This file has ${Math.round(file.size / 2 ** 20)} MB; text up to ${MAX_TEXT_BYTES / 2 ** 20} MB can be read. Split it and add the parts.`,
      { details: { sizeBytes: file.size, limitBytes: MAX_TEXT_BYTES } },
    );
  const head = await headOf(file);
  const label = labelOf(head) ?? declared?.(head);
  refuseBinary(head, label);
  if (label !== undefined && label !== 'utf-8')
    return (await decode(file, new TextDecoder(label), options)) ?? '';
  const asUtf8 = await decode(file, new TextDecoder('utf-8', { fatal: true }), options);
  if (asUtf8 !== undefined) return asUtf8;
  return (await decode(file, new TextDecoder('windows-1252'), options)) ?? '';
}
