import { type GgufHeader, readGgufHeader, specFromGguf } from '#core/models/index.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ModelFile, ModelSpec } from '#core/ports/model.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { sha256Of } from './download-file.ts';
import {
  fileHandle,
  modelDirectory,
  readState,
  removeFile,
  removeModelDirectory,
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
  return locks.hold(
    `model:${imported.id}`,
    async () => {
      const directory = await modelDirectory(imported.id, { create: true });
      if (directory === undefined) throw new AppError('internal/unexpected', 'The folder cannot be made.');
      const state = await readState(directory);
      const spec = withKeptSight(imported, header, model, state);
      let copied = 0;
      const verified: Record<string, string> = { ...state?.verified };
      for (const [i, { path, sha256 = '' }] of imported.files.entries()) {
        const source = parts[i];
        if (source === undefined || verified[path] === sha256) continue;
        const offset = copied;
        try {
          await copyIn(directory, path, source, (done) => progress('load', offset + done), signal);
        } catch (error) {
          // Half a copy is of no use: the file is still on disk. What was here before stays.
          if (state === undefined) await removeModelDirectory(spec.id);
          else await removeFile(directory, path);
          throw await toStoreError(error, source.size);
        }
        copied += source.size;
        verified[path] = sha256;
      }
      if (copied === 0 && state !== undefined) return spec;
      await writeState(directory, {
        modelId: spec.id,
        addedAt: state?.addedAt ?? now(),
        files: spec.files,
        verified,
        etags: {},
      });
      return spec;
    },
    signal,
  );
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
function withKeptSight(
  imported: ModelSpec,
  header: GgufHeader,
  model: { readonly name: string; readonly sizeBytes: number; readonly sha256: string },
  state:
    | { readonly files: readonly ModelFile[]; readonly verified: Readonly<Record<string, string>> }
    | undefined,
): ModelSpec {
  if (imported.files.length > 1 || state === undefined) return imported;
  const own = imported.files[0]?.path;
  const kept = state.files.find(({ path }) => path !== own && state.verified[path] !== undefined);
  if (kept?.sizeBytes === undefined || kept.sha256 === undefined) return imported;
  return specFromGguf(header, model, { name: kept.path, sizeBytes: kept.sizeBytes, sha256: kept.sha256 });
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
