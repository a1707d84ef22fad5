import { createBreather, throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { crc32 } from './crc32.ts';

/** A member of a ZIP archive as its central directory names it; nothing of it has been inflated. */
export interface ZipEntry {
  /** With forward slashes, without a drive, a leading slash or `..`. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly isEncrypted: boolean;
  readonly compressedBytes: number;
  /** What it says it holds; reading stops where more comes out. */
  readonly bytes: number;
  /** 0 = stored, 8 = deflated. */
  readonly method: number;
  readonly crc: number;
  readonly headerAt: number;
}

export interface ZipArchive {
  readonly entries: readonly ZipEntry[];
  find(name: string): ZipEntry | undefined;
  /** Its bytes, a piece at a time, checked against size and checksum. */
  pieces(entry: ZipEntry, options: ReadOptions): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>;
  bytes(entry: ZipEntry, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
}

interface ReadOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const HEADER_SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;
const ZIP64_END_SIGNATURE = 0x06064b50;
const MAX_COMMENT_BYTES = 65_535;
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
const UNKNOWN_32 = 0xffffffff;

async function viewOf(file: Blob, start: number, end: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await file.slice(Math.max(0, start), end).arrayBuffer());
}

function damaged(what: string, reason: string, cause?: unknown): AppError {
  return new AppError(
    'input/invalid',
    `${what} is damaged or cut off and cannot be read. Get a fresh copy where it came from, then add that.`,
    { details: { reason }, ...(cause === undefined ? {} : { cause }) },
  );
}

interface Directory {
  readonly at: number;
  readonly bytes: number;
  readonly count: number;
  /** What stands before the archive in its file (self-extracting ones). */
  readonly shift: number;
}

async function findDirectory(file: Blob, what: string): Promise<Directory> {
  const tailAt = Math.max(0, file.size - END_BYTES - MAX_COMMENT_BYTES);
  const tail = await viewOf(file, tailAt, file.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const count = tail.getUint16(at + 10, true);
    const bytes = tail.getUint32(at + 12, true);
    const start = tail.getUint32(at + 16, true);
    if (count !== 0xffff && bytes !== UNKNOWN_32 && start !== UNKNOWN_32)
      return { at: start, bytes, count, shift: tailAt + at - bytes - start };
    return findLargeDirectory(file, tail, at, what);
  }
  throw damaged(what, 'no end record');
}

/** The end record of archives with more than 65,535 members or 4 GB (APPNOTE 4.3.14). */
async function findLargeDirectory(
  file: Blob,
  tail: DataView,
  endAt: number,
  what: string,
): Promise<Directory> {
  const locator = endAt - 20;
  if (locator < 0) throw damaged(what, 'no ZIP64 locator');
  const at = Number(tail.getBigUint64(locator + 8, true));
  const record = await viewOf(file, at, at + 56);
  if (record.byteLength < 56 || record.getUint32(0, true) !== ZIP64_END_SIGNATURE)
    throw damaged(what, 'no ZIP64 end record');
  return {
    count: Number(record.getBigUint64(32, true)),
    bytes: Number(record.getBigUint64(40, true)),
    at: Number(record.getBigUint64(48, true)),
    shift: 0,
  };
}

function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** A path that cannot lead out of its archive. */
function safeName(name: string): string {
  return name
    .replaceAll('\\', '/')
    .replace(/^[a-z]:/i, '')
    .split('/')
    .filter((part, i, all) => part !== '.' && part !== '..' && (part !== '' || i === all.length - 1))
    .join('/');
}

/** Sizes and place that did not fit into 32 bits stand in an extra field, in this order (APPNOTE 4.5.3). */
function widen(view: DataView, from: number, to: number, values: readonly number[]): readonly number[] {
  if (!values.includes(UNKNOWN_32)) return values;
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    return values.map((value) => {
      if (value !== UNKNOWN_32 || next + 8 > to) return value;
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    });
  }
  return values;
}

function readDirectory(view: DataView<ArrayBuffer>, { count, shift }: Directory, what: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > view.byteLength || view.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw damaged(what, 'directory');
    const nameAt = at + ENTRY_BYTES;
    const extraAt = nameAt + view.getUint16(at + 28, true);
    const extraEnd = extraAt + view.getUint16(at + 30, true);
    if (extraEnd > view.byteLength) throw damaged(what, 'directory');
    const [bytes = 0, compressedBytes = 0, headerAt = 0] = widen(view, extraAt, extraEnd, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    const name = safeName(decodeName(new Uint8Array(view.buffer, nameAt, extraAt - nameAt)));
    entries.push({
      name,
      isFolder: name.endsWith('/') || name === '',
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      bytes,
      compressedBytes,
      headerAt: headerAt + shift,
    });
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The compressed bytes of an entry; its local header says where they begin. */
async function bodyOf(file: Blob, entry: ZipEntry, what: string): Promise<Blob> {
  const header = await viewOf(file, entry.headerAt, entry.headerAt + HEADER_BYTES);
  if (header.byteLength < HEADER_BYTES || header.getUint32(0, true) !== HEADER_SIGNATURE)
    throw damaged(what, `no header of ${entry.name}`);
  const at = entry.headerAt + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const body = file.slice(at, at + entry.compressedBytes);
  if (body.size < entry.compressedBytes) throw damaged(what, `${entry.name} is cut off`);
  return body;
}

function tooLarge(what: string, entry: ZipEntry, limit: number): AppError {
  return new AppError(
    'input/too-large',
    `${what} holds ${entry.name} with more than ${Math.round(limit / 2 ** 20)} MB when unpacked. Take out what is large, or split it, and add it again.`,
    { details: { limitBytes: limit } },
  );
}

async function* inflate(
  file: Blob,
  entry: ZipEntry,
  { maxBytes, signal }: ReadOptions,
  what: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  throwIfAborted(signal);
  if (entry.isEncrypted)
    throw new AppError(
      'input/password-protected',
      `${what} is locked with a password (${entry.name}). Save a copy without one and add that.`,
    );
  if (entry.method !== 0 && entry.method !== 8)
    throw new AppError(
      'input/unsupported',
      `${what} is packed in a way that cannot be read here (method ${entry.method} for ${entry.name}). Pack it again as a plain ZIP.`,
    );
  if (entry.bytes > maxBytes) throw tooLarge(what, entry, maxBytes);
  const body = (await bodyOf(file, entry, what)).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
  const reader = (
    entry.method === 0 ? body : body.pipeThrough(new DecompressionStream('deflate-raw'))
  ).getReader();
  const pace = createBreather(signal);
  let size = 0;
  let crc = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw error instanceof TypeError ? damaged(what, `inflating ${entry.name}`, error) : error;
      });
      if (done) break;
      size += value.length;
      // A size that was a lie is met here: nothing beyond it is ever kept.
      if (size > maxBytes) throw tooLarge(what, entry, maxBytes);
      if (size > entry.bytes) throw damaged(what, `${entry.name} is longer than it says`);
      crc = crc32(value, crc);
      yield value as Uint8Array<ArrayBuffer>;
      await pace();
    }
    if (size !== entry.bytes || crc !== entry.crc) throw damaged(what, `checksum of ${entry.name}`);
  } finally {
    reader.cancel().catch(() => {}); // a stream that failed has nothing left to cancel
  }
}

/**
 * Opens a ZIP archive by its central directory; members are read from the file only when they are asked for, so what is
 * never asked for (pictures) costs nothing. `what` names the file in refusals: 'This Word document'.
 * Errors: input/invalid (damaged), input/too-large, input/password-protected, input/unsupported (method).
 */
export async function openZip(file: Blob, what: string): Promise<ZipArchive> {
  const directory = await findDirectory(file, what);
  if (directory.bytes > MAX_DIRECTORY_BYTES)
    throw new AppError(
      'input/too-large',
      `${what} holds too many files to be opened here. Unpack it and add its parts.`,
      {
        details: { entries: directory.count },
      },
    );
  const start = directory.at + directory.shift;
  if (start < 0 || start + directory.bytes > file.size) throw damaged(what, 'directory');
  const entries = readDirectory(await viewOf(file, start, start + directory.bytes), directory, what);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const pieces: ZipArchive['pieces'] = (entry, options) => inflate(file, entry, options, what);
  return {
    entries,
    find: (name) => byName.get(name),
    pieces,
    async bytes(entry, options) {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const piece of pieces(entry, options)) parts.push(piece);
      return new Uint8Array(await new Blob(parts).arrayBuffer());
    },
  };
}
