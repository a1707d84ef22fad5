import type { FrameReader } from '#core/ports/frame-reader.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { RejectedFile } from '#core/ports/library.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { PictureDecoder } from '#core/ports/picture-decoder.ts';
import type { AddedPictures } from '#core/ports/pictures.ts';
import type { ImageRepository } from '#core/ports/repositories.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort, toAppError } from '#shared/errors.ts';
import { mapAhead } from './run-ahead.ts';

export interface AddPicturesPorts {
  readonly images: ImageRepository;
  readonly decoder: Pick<PictureDecoder, 'sniff'>;
  readonly films?: Pick<FrameReader, 'sniff'>;
  readonly locks: Locks;
  /** SHA-256 as hex, streamed. */
  sha256(file: Blob, options?: CallOptions): Promise<string>;
  readonly now: () => number;
}

const HEAD_BYTES = 4096;
const MEGABYTE = 2 ** 20;
/** A hundred megapixels from a camera stay below; what is larger is a scan for print, or no picture. */
const MAX_MEGABYTES = 256;
/** It is read in pieces; what bounds it is the disk. */
const MAX_FILM_MEGABYTES = 8192;
/** One transaction each: many small writes cost more than one of some megabytes. */
const BATCH_FILES = 16;
const BATCH_BYTES = 64 * MEGABYTE;
/** Reading and hashing of small files is mostly waiting. */
const LOOKS_AT_ONCE = 4;

interface Candidate {
  readonly file: File;
  readonly id: string;
  readonly mediaType: string;
  readonly kind?: 'video';
}

const isFull = (error: AppError): boolean => error.code === 'storage/quota-exceeded';

/** A folder, or a file that went away between the drop and now, throws the platform's own error. */
function asRefusal(error: unknown): AppError {
  if (error instanceof DOMException && !isAbort(error))
    return new AppError(
      'input/invalid',
      'This file cannot be read: it was moved, changed or locked, or it is a folder. Add it again.',
      { cause: error },
    );
  return toAppError(error);
}

function checkSize({ size }: File, kind?: 'video'): void {
  const most = kind === 'video' ? MAX_FILM_MEGABYTES : MAX_MEGABYTES;
  if (size === 0)
    throw new AppError(
      'input/invalid',
      'This file is empty (0 bytes). Save it again where it came from, then add it.',
    );
  if (size > most * MEGABYTE)
    throw new AppError(
      'input/too-large',
      `This file has ${Math.round(size / MEGABYTE)} MB; ${kind === 'video' ? 'films' : 'pictures'} of up to ${most} MB can be added. Save it smaller, then add it.`,
      { details: { sizeBytes: size, limitBytes: most * MEGABYTE } },
    );
}

/**
 * Stores originals, a batch a transaction; no file is held in memory. One that is refused is named, and the others go on.
 * When the disk is full, what is stored stays whole, and each file that found no room is named with that error.
 */
export function createAddPictures({ images, decoder, films, locks, sha256, now }: AddPicturesPorts) {
  async function look(file: File, options: CallOptions): Promise<Candidate> {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    const pictureType = decoder.sniff(head, file.name);
    const kind =
      pictureType === undefined && films?.sniff(head) !== undefined ? ('video' as const) : undefined;
    checkSize(file, kind);
    const mediaType = pictureType ?? films?.sniff(head);
    if (mediaType === undefined)
      throw new AppError(
        'input/unsupported',
        'This is no picture or film that can be read here. Pictures are JPEG, PNG, WebP, GIF, AVIF, SVG and, where this browser can, HEIC; films are MP4 and WebM.',
      );
    return { file, mediaType, id: await sha256(file, options), ...(kind ? { kind } : {}) };
  }

  /** Under the lock: the ids that were there already, and working. One that had failed is tried anew. */
  async function write(batch: readonly Candidate[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    const again: string[] = [];
    const fresh = new Map<string, Candidate>();
    for (const candidate of batch) {
      const stored = await images.get(candidate.id);
      if (stored === undefined) fresh.set(candidate.id, fresh.get(candidate.id) ?? candidate);
      else if (stored.status === 'failed') again.push(candidate.id);
      else known.add(candidate.id);
    }
    if (fresh.size + again.length > 0)
      await images.commit({
        images: [...fresh.values()].map(
          ({ id, file, mediaType, kind }): ImageRecord => ({
            id,
            name: file.name,
            ...(kind ? { kind } : {}),
            mediaType,
            sizeBytes: file.size,
            addedAt: now(),
            status: 'queued',
            tags: [],
          }),
        ),
        updates: again.map((id) => ({
          id,
          change: ({ error: _, ...stored }) => ({ ...stored, status: 'queued' as const }),
        })),
        blobs: [...fresh.values()].map(({ id, file, mediaType }) => ({
          id: `picture:${id}`,
          blob: file.type === mediaType ? file : file.slice(0, file.size, mediaType),
        })),
      });
    return known;
  }

  return async function add(
    { files }: { readonly files: readonly File[] },
    options: CallOptions = {},
  ): Promise<AddedPictures> {
    const imageIds = new Set<string>();
    const alreadyThere: string[] = [];
    const rejected: RejectedFile[] = [];
    let full: AppError | undefined;
    const refuse = ({ name }: File, error: unknown): void => {
      if (isAbort(error)) throw error;
      const refusal = asRefusal(error);
      if (isFull(refusal)) full = refusal;
      rejected.push({ name, code: refusal.code, message: refusal.message });
    };

    async function store(batch: readonly Candidate[]): Promise<void> {
      const known = await locks.hold('pictures-add', () => write(batch), options.signal);
      for (const { id } of batch)
        if (known.has(id) || imageIds.has(id)) alreadyThere.push(id);
        else imageIds.add(id);
    }
    /** Where a batch fails, each file by itself: only that which cannot be stored is refused. */
    async function storeOrRefuse(batch: readonly Candidate[]): Promise<void> {
      if (batch.length === 0) return;
      try {
        return await store(batch);
      } catch (error) {
        if (isAbort(error)) throw error;
      }
      for (const candidate of batch)
        try {
          if (full) throw full;
          await store([candidate]);
        } catch (error) {
          refuse(candidate.file, error);
        }
    }

    async function* each(): AsyncGenerator<File> {
      for (const [i, file] of files.entries()) {
        throwIfAborted(options.signal);
        options.onProgress?.({
          phase: 'process',
          done: i,
          total: files.length,
          unit: 'items',
          label: file.name,
        });
        yield file;
      }
    }
    const call = options.signal ? { signal: options.signal } : {};
    /** Told in the order of the files, so an error waits for its turn. */
    const lookAt = async (file: File) => {
      try {
        if (full) throw full;
        return await look(file, call);
      } catch (error) {
        return { file, error };
      }
    };

    let batch: Candidate[] = [];
    let bytes = 0;
    for await (const candidate of mapAhead(each(), LOOKS_AT_ONCE, lookAt)) {
      if ('error' in candidate) {
        refuse(candidate.file, candidate.error);
        continue;
      }
      batch.push(candidate);
      bytes += candidate.file.size;
      if (batch.length < BATCH_FILES && bytes < BATCH_BYTES) continue;
      await storeOrRefuse(batch);
      batch = [];
      bytes = 0;
    }
    await storeOrRefuse(batch);
    return { imageIds: [...imageIds], alreadyThere, rejected };
  };
}
