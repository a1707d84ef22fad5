import { type GgufHeader, readGgufHeader, specFromGguf, withSight } from '#core/models/index.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { partOf, sha256Of } from './download-file.ts';
import {
  fileHandle,
  type ModelState,
  modelDirectory,
  readState,
  removeFile,
  removeModelDirectory,
  renameFile,
  writeState,
} from './files.ts';
import { openSyncAccess, writeFully } from './sync-access.ts';
import { quotaError, toStoreError } from './to-app-error.ts';

/** llama.cpp in 32-bit WebAssembly addresses at most 2 GiB of one file. */
const MAX_IMPORT_BYTES = 2 ** 31 - 1;
const COPY_BYTES = 8 << 20;

export interface GgufImport {
  readonly file: File;
  /** What lets the model see. */
  readonly projector?: File;
}

/**
 * Copies a GGUF model in, with its projector where there is one, and reads its record from its header. A model that is here
 * already gets only what is new. Errors: input/invalid, input/too-large, storage/quota-exceeded.
 */
export async function importGguf(
  { file, projector }: GgufImport,
  { locks, now }: { readonly locks: Locks; readonly now: () => number },
  { signal, onProgress }: CallOptions,
): Promise<ModelSpec> {
  const parts = projector === undefined ? [file] : [file, projector];
  const header = await readHeaders(file, projector);
  const totalBytes = parts.reduce((sum, { size }) => sum + size, 0);
  const { quota, usage = 0 } = await navigator.storage.estimate();
  if (quota !== undefined && totalBytes > quota - usage) throw await quotaError(totalBytes);
  const progress = (phase: 'verify' | 'load', done: number): void =>
    onProgress?.({ phase, done, total: totalBytes, unit: 'bytes', label: file.name });
  const hashed: { readonly name: string; readonly sizeBytes: number; readonly sha256: string }[] = [];
  let before = 0;
  for (const part of parts) {
    const offset = before;
    const sha256 = await sha256Of(part, signal, (done) => progress('verify', offset + done));
    hashed.push({ name: part.name, sizeBytes: part.size, sha256 });
    before += part.size;
  }
  const [model, sight] = hashed;
  if (model === undefined) throw new AppError('internal/unexpected', 'Nothing was given to import.');
  const imported = specFromGguf(header, model, sight);
  const store = (): Promise<ModelSpec> => storeParts(imported, parts, now, progress, signal);
  return locks.hold(`model:${imported.id}`, store, signal);
}

/** Copies in what is not here yet; a copy that fails leaves what was here before. */
async function storeParts(
  imported: ModelSpec,
  parts: readonly File[],
  now: () => number,
  progress: (phase: 'load', done: number) => void,
  signal: AbortSignal | undefined,
): Promise<ModelSpec> {
  const directory = await modelDirectory(imported.id, { create: true });
  if (directory === undefined) throw new AppError('internal/unexpected', 'The folder cannot be made.');
  const state = await readState(directory);
  const spec = withKeptSight(imported, state);
  const verified: Record<string, string> = { ...state?.verified };
  let doneBytes = 0;
  let isChanged = false;
  for (const [i, { path, sha256 = '' }] of imported.files.entries()) {
    const source = parts[i];
    if (source === undefined) continue;
    const offset = doneBytes;
    doneBytes += source.size;
    if (verified[path] === sha256) continue;
    const part = partOf(path);
    try {
      await copyIn(directory, part, source, (done) => progress('load', offset + done), signal);
      await renameFile(directory, part, path);
    } catch (error) {
      await (state === undefined ? removeModelDirectory(spec.id) : removeFile(directory, part));
      throw await toStoreError(error, source.size);
    }
    verified[path] = sha256;
    isChanged = true;
  }
  if (!isChanged) return spec;
  const paths = new Set(spec.files.map(({ path }) => path));
  await writeState(directory, {
    modelId: spec.id,
    addedAt: state?.addedAt ?? now(),
    files: spec.files,
    verified: Object.fromEntries(Object.entries(verified).filter(([path]) => paths.has(path))),
    etags: {},
  });
  for (const { path } of state?.files ?? []) if (!paths.has(path)) await removeFile(directory, path);
  return spec;
}

async function readHeaders(file: File, projector: File | undefined): Promise<GgufHeader> {
  const header = await headerOf(file);
  if (header.projector !== undefined)
    throw new AppError(
      'input/invalid',
      'This file (an “mmproj”) is only the part of a model that sees. Choose it together with the GGUF file of its model: both at once.',
    );
  if (projector !== undefined && (await headerOf(projector)).projector === undefined)
    throw new AppError(
      'input/invalid',
      `${projector.name} is a model of its own, not the part of one that sees.`,
    );
  return header;
}

async function headerOf(file: File): Promise<GgufHeader> {
  const header = await readGgufHeader({
    sizeBytes: file.size,
    read: (start, end) => file.slice(start, end).arrayBuffer(),
  });
  if (file.size <= MAX_IMPORT_BYTES) return header;
  throw new AppError(
    'input/too-large',
    'This file is over 2 GB, more than the engine can address in one file. Split it with llama.cpp’s gguf-split, or choose a smaller quantization.',
    { details: { sizeBytes: file.size, limitBytes: MAX_IMPORT_BYTES } },
  );
}

/** A model that could see before still does when its own file alone is imported again. */
function withKeptSight(imported: ModelSpec, state: ModelState | undefined): ModelSpec {
  if (imported.files.length > 1 || state === undefined) return imported;
  const own = imported.files[0]?.sha256; // by its bytes: it may have another name than before
  const kept = state.files.find(({ path }) => ![own, undefined].includes(state.verified[path]));
  return kept?.sizeBytes === undefined
    ? imported
    : withSight(imported, { ...kept, sizeBytes: kept.sizeBytes });
}

async function copyIn(
  directory: FileSystemDirectoryHandle,
  path: string,
  file: File,
  onBytes: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const handle = await fileHandle(directory, path, { create: true });
  const access = handle && (await openSyncAccess(handle));
  if (access === undefined) throw new AppError('internal/unexpected', `${path} cannot be created.`);
  try {
    access.truncate(0);
    for (let at = 0; at < file.size; at += COPY_BYTES) {
      signal?.throwIfAborted();
      const bytes = new Uint8Array(await file.slice(at, at + COPY_BYTES).arrayBuffer());
      writeFully(access, bytes, at);
      onBytes(Math.min(file.size, at + COPY_BYTES));
    }
    access.flush();
  } finally {
    access.close();
  }
}
