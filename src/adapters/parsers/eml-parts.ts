import { createBreather, throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';

const SLICE_BYTES = 2 ** 20;
const MAX_LINE_BYTES = 8 * 2 ** 20;
const MAX_HEADER_CHARACTERS = 2 ** 20;
const NEWLINE = 10;

/** Lines with their line ends and places, slice by slice. */
async function* linesOf(file: Blob, signal: AbortSignal | undefined) {
  let held: Uint8Array = new Uint8Array(0);
  const pace = createBreather(signal);
  for (let at = 0; at < file.size; ) {
    throwIfAborted(signal);
    const slice = new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer());
    const bytes = new Uint8Array(held.length + slice.length);
    bytes.set(held);
    bytes.set(slice, held.length);
    const from = at - held.length;
    at += slice.length;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield { start: from + start, end: from + end + 1, bytes: bytes.subarray(start, end + 1) };
      start = end + 1;
      const breath = pace();
      if (breath) await breath;
    }
    held = bytes.subarray(start);
    if (held.length > MAX_LINE_BYTES)
      throw new AppError(
        'input/invalid',
        'This file is not a mail: it has no lines. Save the mail again as .eml, then add it.',
      );
  }
  if (held.length > 0) yield { start: file.size - held.length, end: file.size, bytes: held };
}

const LATIN = /* @__PURE__ */ new TextDecoder('latin1');

/**
 * The mail without the bodies of its attachments: their names are kept, and no picture is ever decoded. What remains are
 * pieces of the file itself.
 */
export async function withoutAttachments(file: Blob, signal: AbortSignal | undefined): Promise<Blob> {
  const kept: Blob[] = [];
  const boundaries = new Set<string>();
  let from = 0;
  let header: string | undefined = '';
  let isDropping = false;
  for await (const { start, end, bytes } of linesOf(file, signal)) {
    if (header !== undefined) {
      const line = LATIN.decode(bytes);
      if (line.trim() !== '') {
        if (header.length < MAX_HEADER_CHARACTERS) header += line;
        continue;
      }
      const unfolded: string = header.replace(/\r?\n[ \t]+/g, ' ');
      const type: string =
        /^content-type:\s*([\w.+-]+\/[\w.+-]+)/im.exec(unfolded)?.[1]?.toLowerCase() ?? 'text/plain';
      const [, quoted, bare] =
        /^content-type:.*?\bboundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/im.exec(unfolded) ?? [];
      const boundary = quoted ?? bare;
      if (boundary !== undefined) boundaries.add(boundary);
      const isAttached = /^content-disposition:\s*attachment/im.test(unfolded);
      header = type.startsWith('message/') && !isAttached ? '' : undefined;
      isDropping = isAttached || !/^(?:text|multipart|message)\//.test(type);
      if (isDropping) {
        kept.push(file.slice(from, end));
        from = end;
      }
      continue;
    }
    if (bytes[0] !== 0x2d || bytes[1] !== 0x2d || bytes.length > 200) continue;
    const mark = LATIN.decode(bytes).trimEnd().slice(2);
    if (!boundaries.has(mark) && !(mark.endsWith('--') && boundaries.has(mark.slice(0, -2)))) continue;
    if (isDropping) from = start;
    isDropping = false;
    header = mark.endsWith('--') && !boundaries.has(mark) ? undefined : '';
  }
  if (!isDropping) kept.push(file.slice(from));
  return new Blob(kept);
}
