import { createSHA256 } from 'hash-wasm';
import type { ModelFile } from '#core/ports/model.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import { fileHandle, fileSize } from './files.ts';
import type { FetchLike, Origin } from './sources.ts';
import { openSyncAccess, writeFully } from './sync-access.ts';
import { toNetworkError, toStoreError } from './to-app-error.ts';

export interface DownloadFileInput {
  readonly directory: FileSystemDirectoryHandle;
  readonly file: ModelFile;
  readonly origins: readonly Origin[];
  readonly fetch: FetchLike;
  /** ETag of the part that is here, if a download was interrupted. */
  readonly etag: string | undefined;
  readonly onEtag: (etag: string | undefined) => Promise<void>;
  readonly onBytes: (doneBytes: number, totalBytes: number | undefined) => void;
  readonly retryWaitMs: number;
  readonly signal: AbortSignal | undefined;
}

const RETRIES = 4;
const READ_BYTES = 4 << 20;

export const partOf = (path: string): string => `${path}.part`;

/** Retrying is of use when the line broke, not when the server said no. */
class BrokenLine extends Error {}

function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new AppError('abort/by-user', 'Cancelled'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Downloads one file into `<path>.part`, from where an earlier attempt stopped, and returns its SHA-256. Tries the
 * origins in order; a broken line is tried again with growing waits. Abort and failure keep the part.
 */
export async function downloadFile(input: DownloadFileInput): Promise<string> {
  let lastError: AppError | undefined;
  for (const origin of input.origins) {
    const url = origin.url(input.file.path);
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      input.signal?.throwIfAborted();
      try {
        await downloadOnce(input, url);
        return await hashPart(input);
      } catch (error) {
        if (isAbort(error) || (error instanceof AppError && error.code !== 'network/failed')) throw error;
        lastError = error instanceof AppError ? error : toNetworkError(error, url);
        if (!(error instanceof BrokenLine)) break;
        await pause(input.retryWaitMs * 2 ** attempt, input.signal);
      }
    }
  }
  throw lastError ?? new AppError('model/not-found', `${input.file.path} has no source.`);
}

async function downloadOnce(input: DownloadFileInput, url: string): Promise<void> {
  const { directory, file, signal } = input;
  const part = partOf(file.path);
  let have = await fileSize(directory, part);
  if (file.sizeBytes !== undefined && have === file.sizeBytes) return;
  if (file.sizeBytes !== undefined && have > file.sizeBytes) have = 0;
  const response = await request(input, url, have);
  const isPartial = response.status === 206;
  if (!isPartial) have = 0;
  const etag = response.headers.get('etag') ?? undefined;
  await input.onEtag(etag?.startsWith('W/') ? undefined : etag);
  const length = Number(response.headers.get('content-length'));
  const isPacked = response.headers.has('content-encoding');
  const total = file.sizeBytes ?? (length > 0 && !isPacked ? have + length : undefined);
  if (response.body === null) throw new AppError('network/failed', `${url} sent an empty answer.`);
  const written = await writeStream(
    directory,
    part,
    response.body,
    have,
    (done) => input.onBytes(done, total),
    signal,
  );
  if (total !== undefined && written < total)
    throw new BrokenLine(`${url} broke off at ${written} of ${total} bytes`);
}

async function request(input: DownloadFileInput, url: string, have: number): Promise<Response> {
  const { fetch, etag, signal, file } = input;
  const headers: Record<string, string> =
    have > 0 ? { range: `bytes=${have}-`, ...(etag ? { 'if-range': etag } : {}) } : {};
  let response: Response;
  try {
    response = await fetch(url, {
      headers,
      credentials: 'omit',
      cache: 'no-store',
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw navigator.onLine ? new BrokenLine(String(error), { cause: error }) : toNetworkError(error, url);
  }
  if (response.status === 416) throw new BrokenLine('the part is longer than the file');
  if (response.status >= 500) throw new BrokenLine(`${url} answered ${response.status}`);
  if (response.ok && !response.headers.get('content-type')?.startsWith('text/html')) return response;
  throw new AppError('network/failed', `${file.path} is not at ${new URL(url).host} (${response.status}).`, {
    details: { url, status: response.status },
  });
}

/** Workers write through a sync access handle, which is many times faster than a writable stream. */
async function writeStream(
  directory: FileSystemDirectoryHandle,
  path: string,
  body: ReadableStream<Uint8Array>,
  offset: number,
  onBytes: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<number> {
  const handle = await fileHandle(directory, path, { create: true });
  if (handle === undefined) throw new AppError('internal/unexpected', `${path} cannot be created.`);
  const access = await openSyncAccess(handle).catch(async (error: unknown) => {
    throw await toStoreError(error);
  });
  const reader = body.getReader();
  let at = offset;
  try {
    access.truncate(offset);
    while (true) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw isAbort(error) || signal?.aborted ? error : new BrokenLine(String(error), { cause: error });
      });
      if (done) break;
      writeFully(access, value, at);
      at += value.byteLength;
      onBytes(at);
    }
    access.flush();
    return at;
  } catch (error) {
    if (error instanceof BrokenLine) throw error;
    throw await toStoreError(error);
  } finally {
    access.close();
    await reader.cancel().catch(() => {}); // the line may be broken already
  }
}

async function hashPart({ directory, file, signal }: DownloadFileInput): Promise<string> {
  const handle = await fileHandle(directory, partOf(file.path));
  if (handle === undefined) throw new BrokenLine('the part is gone');
  return sha256Of(await handle.getFile(), signal);
}

/** SHA-256 of a file as lower-case hex, read in slices; `onBytes` after each. */
export async function sha256Of(
  file: Blob,
  signal: AbortSignal | undefined,
  onBytes?: (done: number) => void,
): Promise<string> {
  const hash = await createSHA256();
  for (let at = 0; at < file.size; at += READ_BYTES) {
    signal?.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(at, at + READ_BYTES).arrayBuffer()));
    onBytes?.(Math.min(file.size, at + READ_BYTES));
  }
  return hash.digest('hex');
}
