import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { AddedFiles, Library, RejectedFile } from '#core/ports/library.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { Unpacker } from '#core/ports/unpacker.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort, toAppError } from '#shared/errors.ts';
import type { CreateOcrParsers } from './recognition.ts';
import { createUnpack, type FileShape, isClutter } from './unpack.ts';

export interface AddFilesPorts {
  readonly library: LibraryRepository;
  readonly parsers: readonly DocumentParser[];
  /** Without any, archives are refused like any file that cannot be read. */
  readonly unpackers?: readonly Unpacker[];
  /** Without it, pictures are refused like any file that cannot be read. */
  readonly ocrParsers?: CreateOcrParsers;
  readonly locks: Locks;
  /** SHA-256 as hex, streamed. */
  sha256(file: Blob, options?: CallOptions): Promise<string>;
  readonly now: () => number;
}

const HEAD_BYTES = 4096;

/** The first parser that takes the file, by its first bytes, its name and its type. */
export async function parserFor(
  parsers: readonly DocumentParser[],
  file: Blob,
  name: string,
): Promise<DocumentParser | undefined> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return parsers.find((parser) => parser.accepts({ name, mediaType: file.type, head }));
}

/** Stores originals. No file is ever held in memory; one that is refused is named, and the others go on. */
export function createAddFiles(ports: AddFilesPorts) {
  const { library, parsers, unpackers = [], ocrParsers, locks, sha256, now } = ports;
  const isPicture = (file: FileShape): boolean =>
    ocrParsers?.({ language: '' }).some((parser) => parser.accepts(file)) ?? false;

  /** Returns the id, and whether it was there. */
  async function store(
    file: File,
    collectionId: string,
    more: Partial<DocumentRecord>,
    options: CallOptions,
  ) {
    const id = await sha256(file, options);
    return locks.hold(
      `library-document:${id}`,
      async () => {
        const known = await library.document(id);
        if (known) {
          if (!known.collectionIds.includes(collectionId))
            await library.commit({
              updates: [
                {
                  id,
                  change: (stored) => ({
                    ...stored,
                    collectionIds: [...new Set([...stored.collectionIds, collectionId])],
                  }),
                },
              ],
            });
          return { id, isKnown: true };
        }
        await library.commit({
          documents: [
            {
              id,
              name: file.name,
              mediaType: file.type,
              sizeBytes: file.size,
              collectionIds: [collectionId],
              status: 'queued',
              addedAt: now(),
              embeddedCount: 0,
              ...more,
            },
          ],
          blobs: [{ id: `original:${id}`, blob: file }],
        });
        return { id, isKnown: false };
      },
      options.signal,
    );
  }

  return async function addFiles(
    { files, collectionId, recognition }: Parameters<Library['addFiles']>[0],
    options: CallOptions = {},
  ): Promise<AddedFiles> {
    const documentIds: string[] = [];
    const alreadyThere: string[] = [];
    const rejected: RejectedFile[] = [];
    const recognizing = recognition && ocrParsers ? ocrParsers(recognition) : [];
    const unpack = createUnpack({ parsers: [...parsers, ...recognizing], unpackers, isPicture });
    const refuse = (fileIndex: number, name: string, error: unknown): void => {
      if (isAbort(error)) throw error;
      const { code, message, details } = asRefusal(error);
      rejected.push({ name, code, message, fileIndex, ...(details.isPicture ? { isPicture: true } : {}) });
    };
    const byFile: string[][] = files.map(() => []);
    const take = async (file: File, parser: DocumentParser, fileIndex: number): Promise<void> => {
      const ofFile = byFile[fileIndex];
      try {
        const more = recognition && recognizing.includes(parser) ? { recognition } : {};
        const { id, isKnown } = await store(file, collectionId, more, options);
        if (!ofFile?.includes(id)) ofFile?.push(id);
        const isTwice = documentIds.includes(id) || alreadyThere.includes(id);
        if (!isTwice) (isKnown ? alreadyThere : documentIds).push(id);
      } catch (error) {
        refuse(fileIndex, file.name, error);
      }
    };
    for (const [i, file] of files.entries()) {
      throwIfAborted(options.signal);
      if (isClutter(file.name)) continue;
      const tell = (label: string): void =>
        options.onProgress?.({ phase: 'process', done: i, total: files.length, unit: 'items', label });
      tell(file.name);
      try {
        if (file.size === 0) throw emptyFile();
        for await (const found of unpack(file, options)) {
          if (found.type === 'refused') refuse(i, found.name, found.error);
          else {
            tell(found.file.name);
            await take(found.file, found.parser, i);
          }
        }
      } catch (error) {
        refuse(i, file.name, error);
      }
    }
    return { documentIds, alreadyThere, rejected, byFile };
  };
}

function emptyFile(): AppError {
  return new AppError(
    'input/invalid',
    'This file is empty (0 bytes). Save it again where it came from, then add it.',
  );
}

/** A folder, or a file that went away between the drop and now, throws the platform's own error. */
function asRefusal(error: unknown): AppError {
  if (error instanceof DOMException)
    return new AppError(
      'input/invalid',
      'This file cannot be read: it was moved, changed or locked, or it is a folder. Add it again.',
      { cause: error },
    );
  return toAppError(error);
}
