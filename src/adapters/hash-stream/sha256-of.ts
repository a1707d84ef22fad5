import { createSHA256, type IHasher } from 'hash-wasm';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';

const SLICE_BYTES = 4 * 2 ** 20;

/**
 * Free ones, taken again. Each has a WebAssembly memory, for which the browser sets aside gigabytes of addresses: a new one
 * for each of a hundred files, and the next engine gets none any more.
 */
const idle: IHasher[] = [];

/** SHA-256 of a file as lower-case hex, a slice at a time: a file of any size takes the memory of one slice. */
export async function sha256Of(file: Blob, options: CallOptions = {}): Promise<string> {
  const hash = idle.pop() ?? (await createSHA256());
  try {
    hash.init();
    for (let at = 0; at < file.size; at += SLICE_BYTES) {
      if (options.signal?.aborted) throw new AppError('abort/by-user', 'Cancelled');
      hash.update(new Uint8Array(await readSlice(file, at)));
    }
    return hash.digest('hex');
  } finally {
    idle.push(hash);
  }
}

async function readSlice(file: Blob, at: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(at, at + SLICE_BYTES).arrayBuffer();
  } catch (cause) {
    throw new AppError(
      'input/invalid',
      'This file cannot be read: it was moved, changed or locked, or it is a folder. Add it again.',
      { cause },
    );
  }
}
