import type { Locks } from '#core/ports/locks.ts';
import type { ModelFile, ModelSpec } from '#core/ports/model.ts';
import type { ModelStore, StoredModel } from '#core/ports/model-store.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { downloadFile, partOf } from './download-file.ts';
import {
  directoryBytes,
  fileHandle,
  fileSize,
  type ModelState,
  modelDirectories,
  modelDirectory,
  readState,
  removeFile,
  removeModelDirectory,
  renameFile,
  writeState,
} from './files.ts';
import { importGguf } from './import-gguf.ts';
import { completeFiles, type FetchLike, originsOf } from './sources.ts';
import { quotaError, toStoreError } from './to-app-error.ts';

export interface OpfsModelStoreOptions {
  readonly locks: Locks;
  /** Base URL of the mirror, `/models/` of the page's own origin. */
  readonly mirror: string;
  readonly fetch?: FetchLike;
  readonly now?: () => number;
  /** Wait before a broken line is tried again; doubled each time. */
  readonly retryWaitMs?: number;
}

/**
 * Model files in the origin's private file system. Runs in a worker (sync access handles). A file is usable only when
 * its SHA-256 was computed here and agrees; one tab at a time writes a model.
 */
export function createOpfsModelStore(options: OpfsModelStoreOptions): ModelStore {
  const {
    locks,
    mirror,
    fetch = globalThis.fetch.bind(globalThis),
    now = Date.now,
    retryWaitMs = 300,
  } = options;

  async function download(model: ModelSpec, { signal, onProgress }: CallOptions): Promise<StoredModel> {
    const files = await completeFiles(model, fetch, signal);
    if (files.length === 0)
      throw new AppError('model/not-found', `“${model.label}” has no files to download.`);
    const directory = await modelDirectory(model.id, { create: true });
    if (directory === undefined)
      throw new AppError('internal/unexpected', 'The model folder cannot be made.');
    const before = await readState(directory);
    let state: ModelState = {
      modelId: model.id,
      addedAt: before?.addedAt ?? now(),
      files,
      verified: before?.verified ?? {},
      etags: before?.etags ?? {},
    };
    const keep = async (change: Partial<ModelState>): Promise<void> => {
      state = { ...state, ...change };
      await writeState(directory, state);
    };
    await keep({});
    const done = new Map<string, number>();
    for (const file of files) {
      const isHere = state.verified[file.path] !== undefined;
      done.set(file.path, await fileSize(directory, isHere ? file.path : partOf(file.path)));
    }
    await checkRoom(files, done);
    const sizes = new Map(files.map((file) => [file.path, file.sizeBytes]));
    const report = (): void => {
      const known = [...sizes.values()];
      const total = known.every((size) => size !== undefined)
        ? known.reduce((sum: number, size) => sum + (size ?? 0), 0)
        : undefined;
      const sum = [...done.values()].reduce((a, b) => a + b, 0);
      onProgress?.({
        phase: 'download',
        done: sum,
        ...(total === undefined ? {} : { total }),
        unit: 'bytes',
        label: model.label,
      });
    };
    report();
    for (const file of files) {
      if (state.verified[file.path] !== undefined) continue;
      const sha256 = await downloadFile({
        directory,
        file,
        origins: originsOf(model, mirror),
        fetch,
        etag: state.etags[file.path],
        onEtag: (etag) => keep({ etags: { ...state.etags, [file.path]: etag ?? '' } }),
        onBytes(doneBytes, totalBytes) {
          done.set(file.path, doneBytes);
          if (totalBytes !== undefined) sizes.set(file.path, totalBytes);
          report();
        },
        retryWaitMs,
        signal,
      });
      await checkHash(directory, file, sha256);
      await renameFile(directory, partOf(file.path), file.path);
      const sizeBytes = await fileSize(directory, file.path);
      await keep({
        verified: { ...state.verified, [file.path]: sha256 },
        files: state.files.map((entry) =>
          entry.path === file.path ? { ...entry, sizeBytes, sha256 } : entry,
        ),
      });
    }
    return describeModel(directory);
  }

  async function describeModel(directory: FileSystemDirectoryHandle): Promise<StoredModel> {
    const state = await readState(directory);
    const storedBytes = await directoryBytes(directory);
    if (state === undefined) return { modelId: directory.name, storedBytes, isComplete: false, addedAt: 0 };
    const sizes = state.files.map(({ sizeBytes }) => sizeBytes);
    return {
      modelId: state.modelId,
      storedBytes,
      ...(sizes.every((size) => size !== undefined)
        ? { totalBytes: sizes.reduce((sum, size) => sum + size, 0) }
        : {}),
      isComplete:
        state.files.length > 0 && state.files.every(({ path }) => state.verified[path] !== undefined),
      addedAt: state.addedAt,
    };
  }

  return {
    async list() {
      const models: StoredModel[] = [];
      for await (const directory of modelDirectories()) models.push(await describeModel(directory));
      return models.sort((a, b) => b.addedAt - a.addedAt);
    },
    async filesOf({ model }, callOptions = {}) {
      try {
        return await completeFiles(model, fetch, callOptions.signal);
      } catch (error) {
        throw await toStoreError(error);
      }
    },
    async download({ model }, callOptions = {}) {
      try {
        return await locks.hold(`model:${model.id}`, () => download(model, callOptions), callOptions.signal);
      } catch (error) {
        throw await toStoreError(error);
      }
    },
    async importFile(input, callOptions = {}) {
      try {
        return await importGguf(input, { locks, now }, callOptions);
      } catch (error) {
        throw await toStoreError(error, input.file.size + (input.projector?.size ?? 0));
      }
    },
    openFile: ({ modelId, path }) => openStoredFile(modelId, path),
    remove: ({ modelId }) => locks.hold(`model:${modelId}`, () => removeModelDirectory(modelId)),
  };
}

async function checkHash(
  directory: FileSystemDirectoryHandle,
  file: ModelFile,
  sha256: string,
): Promise<void> {
  if (file.sha256 === undefined || file.sha256 === sha256) return;
  await removeFile(directory, partOf(file.path));
  throw new AppError(
    'model/integrity',
    `${file.path} is not the file that was expected: its SHA-256 differs. It was deleted. Try again; if it happens again, the source is not to be trusted.`,
    { details: { expected: file.sha256, actual: sha256 } },
  );
}

async function checkRoom(files: readonly ModelFile[], done: ReadonlyMap<string, number>): Promise<void> {
  const missing = files.reduce(
    (sum, { path, sizeBytes = 0 }) => sum + Math.max(0, sizeBytes - (done.get(path) ?? 0)),
    0,
  );
  const { quota, usage = 0 } = await navigator.storage.estimate();
  if (quota !== undefined && missing > quota - usage) throw await quotaError(missing);
}

/** A complete, verified file, backed by disk. Works in every context. Errors: model/not-found. */
export async function openStoredFile(modelId: string, path: string): Promise<File> {
  const directory = await modelDirectory(modelId);
  const state = directory && (await readState(directory));
  const handle =
    directory && state?.verified[path] !== undefined ? await fileHandle(directory, path) : undefined;
  if (handle === undefined)
    throw new AppError(
      'model/not-found',
      `${path} of this model is not on this machine. Download the model first.`,
      {
        details: { modelId, path },
      },
    );
  return handle.getFile();
}

/** The SHA-256 that was computed when the file was stored; undefined if it is not here or not verified. */
export async function storedHash(modelId: string, path: string): Promise<string | undefined> {
  const directory = await modelDirectory(modelId);
  const state = directory && (await readState(directory));
  return state?.verified[path];
}
