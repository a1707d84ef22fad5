import type { PackedFile, Unpacker } from '#core/ports/unpacker.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { binaryKind, headOf, isPdf, isZip, refuseEmpty } from './sniff.ts';
import { openZip, type ZipArchive, type ZipEntry } from './zip-archive.ts';

const WHAT = 'This archive';
const HEAD_BYTES = 4096;
const MEGABYTE = 2 ** 20;
const MAX_ENTRIES = 20_000;
const MAX_ENTRY_BYTES = 1024 * MEGABYTE;
const MAX_TOTAL_BYTES = 4096 * MEGABYTE;
/** Text and logs are packed to a tenth, seldom to a fiftieth; deflate can reach a thousandth, which only a bomb needs. */
const MAX_RATIO = 250;
const RATIO_FROM_BYTES = 16 * MEGABYTE;

function isBomb(bytes: number, compressedBytes: number): boolean {
  return bytes > RATIO_FROM_BYTES && bytes > compressedBytes * MAX_RATIO;
}

function refuseWhole(entries: readonly ZipEntry[], sizeBytes: number): void {
  let compressed = 0;
  let total = 0;
  for (const entry of entries) {
    compressed += entry.compressedBytes;
    if (!isBomb(entry.bytes, entry.compressedBytes)) total += entry.bytes;
  }
  if (entries.length > MAX_ENTRIES)
    throw new AppError(
      'input/too-large',
      `${WHAT} holds ${entries.length} files; up to ${MAX_ENTRIES} can be taken at once. Unpack it and add its folders one by one.`,
      { details: { files: entries.length, limitFiles: MAX_ENTRIES } },
    );
  if (compressed > sizeBytes)
    throw new AppError(
      'input/invalid',
      `${WHAT} names the same bytes as several files, as archives that are made to do harm do. Unpack it yourself if you trust it, and add its files.`,
      {
        details: { compressedBytes: compressed, sizeBytes },
      },
    );
  if (total > MAX_TOTAL_BYTES)
    throw new AppError(
      'input/too-large',
      `${WHAT} unpacks to ${Math.round(total / MEGABYTE)} MB; up to ${MAX_TOTAL_BYTES / MEGABYTE} MB can be taken at once. Unpack it and add its parts.`,
      { details: { totalBytes: total, limitBytes: MAX_TOTAL_BYTES } },
    );
}

function packedFile(archive: ZipArchive, entry: ZipEntry): PackedFile {
  const refuseBomb = (): void => {
    if (isBomb(entry.bytes, entry.compressedBytes))
      throw new AppError(
        'input/too-large',
        `This file is packed to less than 1/${MAX_RATIO} of its size, as archives that are made to do harm are. Unpack it yourself if you trust it, and add it.`,
        { details: { sizeBytes: entry.bytes, compressedBytes: entry.compressedBytes } },
      );
  };
  return {
    path: entry.name,
    sizeBytes: entry.bytes,
    async head(options) {
      refuseBomb();
      const head = new Uint8Array(Math.min(HEAD_BYTES, entry.bytes));
      let at = 0;
      for await (const piece of archive.pieces(entry, {
        maxBytes: MAX_ENTRY_BYTES,
        signal: options?.signal,
      })) {
        const part = piece.subarray(0, head.length - at);
        head.set(part, at);
        at += part.length;
        if (at >= head.length) break;
      }
      return head;
    },
    async open(name, options) {
      refuseBomb();
      const parts: BlobPart[] = [];
      for await (const piece of archive.pieces(entry, { maxBytes: MAX_ENTRY_BYTES, signal: options?.signal }))
        parts.push(piece);
      return new File(parts, name);
    },
  };
}

/** ZIP archives, by their directory: sizes and ratios are judged before anything is inflated, and again while it is. */
export function createZipUnpacker(): Unpacker {
  return {
    id: 'zip',
    // Files of many programs are archives within: by content only where the name says nothing else.
    accepts: ({ name, mediaType, head }) =>
      /\.zip$/i.test(name) ||
      (isZip(head) && (!/\.\w{1,8}$/.test(name) || /^application\/(?:x-)?zip/.test(mediaType))),
    async list(file, options) {
      refuseEmpty(file);
      const head = await headOf(file);
      if (!isZip(head) && binaryKind(head) !== 'a program') {
        const kind = isPdf(head) ? 'a PDF' : (binaryKind(head) ?? 'something else');
        throw new AppError(
          'input/invalid',
          `This file is named like a ZIP archive, but it is ${kind}. Give it the right name, then add it.`,
          { details: { kind } },
        );
      }
      const archive = await openZip(file, WHAT);
      throwIfAborted(options?.signal);
      const entries = archive.entries.filter(({ isFolder }) => !isFolder);
      if (entries.length === 0)
        throw new AppError('input/invalid', `${WHAT} is empty: there is no file in it.`);
      refuseWhole(entries, file.size);
      return entries.map((entry) => packedFile(archive, entry));
    },
  };
}
