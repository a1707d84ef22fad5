import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { PackedFile, Unpacker } from '#core/ports/unpacker.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort, toAppError } from '#shared/errors.ts';

const HEAD_BYTES = 4096;
const MEGABYTE = 2 ** 20;
/** An archive in an archive in an archive: what is deeper was made to do harm, or can be unpacked by hand. */
const MAX_DEPTH = 3;
/** Of one dropped file with all that is nested in it. */
const MAX_TOTAL_BYTES = 4 * 2 ** 30;
const MAX_FILES = 20_000;
/** What programs leave behind; nobody means to add it. */
const CLUTTER =
  /(?:^|\/)(?:__MACOSX|\.git|\.svn|\.hg|node_modules|\.DS_Store|Thumbs\.db|desktop\.ini)(?:\/|$)/i;

/** A file that may be a document, or why one could not be had. */
export type Found =
  | { readonly type: 'file'; readonly file: File; readonly parser: DocumentParser }
  | { readonly type: 'refused'; readonly name: string; readonly error: AppError };

/** By what a parser or an unpacker judges. */
export type FileShape = Parameters<DocumentParser['accepts']>[0];

export interface UnpackPorts {
  readonly parsers: readonly DocumentParser[];
  readonly unpackers: readonly Unpacker[];
  /** What nobody takes, but could be read as a picture of text. */
  readonly isPicture: (file: FileShape) => boolean;
}

/** Left behind by programs in folders and archives. */
export function isClutter(path: string): boolean {
  return CLUTTER.test(path);
}

function unsupported(mediaType: string, isPicture: boolean): AppError {
  if (isPicture)
    return new AppError(
      'input/unsupported',
      'This is a picture. If it shows text, that can be read with OCR.',
      {
        details: { mediaType, isPicture },
      },
    );
  return new AppError(
    'input/unsupported',
    'This kind of file cannot be read. PDF, Word, spreadsheets, CSV, EPUB, mail, Markdown, HTML, source code, plain text and ZIP archives of these can.',
    { details: { mediaType } },
  );
}

/** Before a file is unpacked, hashed or stored. */
function refuseLarger(sizeBytes: number, { maxBytes }: DocumentParser): void {
  if (sizeBytes <= maxBytes) return;
  throw new AppError(
    'input/too-large',
    `This file has ${Math.round(sizeBytes / MEGABYTE)} MB; up to ${Math.round(maxBytes / MEGABYTE)} MB can be read. Split it and add the parts.`,
    { details: { sizeBytes, limitBytes: maxBytes } },
  );
}

interface Budget {
  files: number;
  bytes: number;
}

/**
 * A dropped file as the documents it holds: itself, or for an archive each file in it, named `archive.zip/inner/path.md`.
 * One that cannot be taken is refused by name, and the others go on. What no parser reads, or what is too large for its
 * parser, is never unpacked.
 */
export function createUnpack({ parsers, unpackers, isPicture }: UnpackPorts) {
  async function* inside(
    container: Blob,
    unpacker: Unpacker,
    name: string,
    depth: number,
    budget: Budget,
    options: CallOptions,
  ): AsyncGenerator<Found, void, void> {
    if (depth >= MAX_DEPTH)
      throw new AppError(
        'input/too-large',
        `Archives are opened up to ${MAX_DEPTH} levels deep, and this one lies deeper. Unpack it and add its files.`,
        { details: { limitDepth: MAX_DEPTH } },
      );
    for (const packed of await unpacker.list(container, options)) {
      throwIfAborted(options.signal);
      if (isClutter(packed.path)) continue;
      const path = `${name}/${packed.path}`;
      try {
        if (packed.sizeBytes === 0) continue; // placeholders of folders and packages, not documents
        spend(budget, packed);
        yield* each(path, packed, depth, budget, options);
      } catch (error) {
        if (isAbort(error)) throw error;
        yield { type: 'refused', name: path, error: toAppError(error) };
      }
    }
  }

  async function* each(
    path: string,
    packed: PackedFile,
    depth: number,
    budget: Budget,
    options: CallOptions,
  ): AsyncGenerator<Found, void, void> {
    const shape = { name: path, mediaType: '', head: await packed.head(options) };
    const parser = parsers.find((candidate) => candidate.accepts(shape));
    const unpacker = parser ? undefined : unpackers.find((candidate) => candidate.accepts(shape));
    if (parser) {
      refuseLarger(packed.sizeBytes, parser);
      yield { type: 'file', file: await packed.open(path, options), parser };
    } else if (unpacker)
      yield* inside(await packed.open(path, options), unpacker, path, depth + 1, budget, options);
    else throw unsupported('', isPicture(shape));
  }

  return async function* unpack(file: File, options: CallOptions): AsyncGenerator<Found, void, void> {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    const shape = { name: file.name, mediaType: file.type, head };
    const parser = parsers.find((candidate) => candidate.accepts(shape));
    if (parser) {
      refuseLarger(file.size, parser);
      yield { type: 'file', file, parser };
      return;
    }
    const unpacker = unpackers.find((candidate) => candidate.accepts(shape));
    if (unpacker === undefined) throw unsupported(file.type, isPicture(shape));
    yield* inside(file, unpacker, file.name, 0, { files: 0, bytes: 0 }, options);
  };
}

function spend(budget: Budget, { sizeBytes }: PackedFile): void {
  budget.files += 1;
  if (budget.files > MAX_FILES)
    throw new AppError(
      'input/too-large',
      `This archive holds more than ${MAX_FILES} files in all. Unpack it and add this file by itself.`,
      { details: { limitFiles: MAX_FILES } },
    );
  if (budget.bytes + sizeBytes > MAX_TOTAL_BYTES)
    throw new AppError(
      'input/too-large',
      `With this file the archive would unpack to more than ${MAX_TOTAL_BYTES / 2 ** 30} GB. Unpack it and add this file by itself.`,
      { details: { limitBytes: MAX_TOTAL_BYTES } },
    );
  budget.bytes += sizeBytes;
}
