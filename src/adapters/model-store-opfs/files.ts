import { AppError } from '#shared/errors.ts';

/** OPFS layout: models/<id>/<path>, a download in progress as <path>.part, its state in <id>/.benchtop.json. */
const ROOT = 'models';
const STATE_FILE = '.benchtop.json';

function segments(path: string): readonly string[] {
  const parts = path.split('/').filter(Boolean);
  if (parts.length === 0 || parts.includes('..') || parts.includes('.'))
    throw new AppError('input/invalid', `“${path}” is not a file of a model.`);
  return parts;
}

async function rootDirectory(): Promise<FileSystemDirectoryHandle> {
  try {
    const top = await navigator.storage.getDirectory();
    return await top.getDirectoryHandle(ROOT, { create: true });
  } catch (error) {
    throw new AppError(
      'capability/storage-denied',
      'This browser does not let the page keep files. Leave private browsing, or allow site data for this page.',
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}

/** A model's directory; undefined if there is none and `create` is not set. */
export async function modelDirectory(
  modelId: string,
  options: { readonly create?: boolean } = {},
): Promise<FileSystemDirectoryHandle | undefined> {
  const [name] = segments(modelId);
  const root = await rootDirectory();
  try {
    return await root.getDirectoryHandle(name ?? modelId, options);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function fileHandle(
  directory: FileSystemDirectoryHandle,
  path: string,
  options: { readonly create?: boolean } = {},
): Promise<FileSystemFileHandle | undefined> {
  const parts = segments(path);
  let folder = directory;
  try {
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, options);
    return await folder.getFileHandle(parts.at(-1) ?? path, options);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function removeFile(directory: FileSystemDirectoryHandle, path: string): Promise<void> {
  const parts = segments(path);
  try {
    let folder = directory;
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part);
    await folder.removeEntry(parts.at(-1) ?? path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export async function fileSize(directory: FileSystemDirectoryHandle, path: string): Promise<number> {
  const handle = await fileHandle(directory, path);
  return handle ? (await handle.getFile()).size : 0;
}

/** Renames within OPFS where the browser can, else copies: the content is verified before and never half there. */
export async function renameFile(
  directory: FileSystemDirectoryHandle,
  from: string,
  to: string,
): Promise<void> {
  const source = await fileHandle(directory, from);
  if (source === undefined) throw new AppError('model/not-found', `${from} is not there.`);
  const name = segments(to).at(-1) ?? to;
  const movable = source as FileSystemFileHandle & { move?: (name: string) => Promise<void> };
  if (movable.move) {
    await removeFile(directory, to);
    await movable.move(name);
    return;
  }
  const target = await fileHandle(directory, to, { create: true });
  await (await source.getFile())
    .stream()
    .pipeTo((await target?.createWritable()) as WritableStream<Uint8Array>);
  await removeFile(directory, from);
}

/** What is known of a stored model. A file is complete only when it stands in `verified`. */
export interface ModelState {
  readonly modelId: string;
  readonly addedAt: number;
  readonly files: readonly { readonly path: string; readonly sizeBytes?: number; readonly sha256?: string }[];
  /** Path → SHA-256 that was computed here. */
  readonly verified: Readonly<Record<string, string>>;
  /** Path → ETag of the download in progress. */
  readonly etags: Readonly<Record<string, string>>;
}

export async function readState(directory: FileSystemDirectoryHandle): Promise<ModelState | undefined> {
  const handle = await fileHandle(directory, STATE_FILE);
  if (handle === undefined) return undefined;
  try {
    const text = await (await handle.getFile()).text();
    return JSON.parse(text) as ModelState; // written by writeState below, nowhere else
  } catch {
    return undefined; // cut off by a crash: the files are checked again
  }
}

export async function writeState(directory: FileSystemDirectoryHandle, state: ModelState): Promise<void> {
  const handle = await fileHandle(directory, STATE_FILE, { create: true });
  const writable = await handle?.createWritable();
  await writable?.write(JSON.stringify(state));
  await writable?.close(); // atomic: the old content stays until here
}

export async function* modelDirectories(): AsyncGenerator<FileSystemDirectoryHandle> {
  const root = await rootDirectory();
  for await (const handle of root.values()) if (handle.kind === 'directory') yield handle;
}

export async function removeModelDirectory(modelId: string): Promise<void> {
  const root = await rootDirectory();
  try {
    await root.removeEntry(segments(modelId)[0] ?? modelId, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Bytes of everything below a directory. */
export async function directoryBytes(directory: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0;
  for await (const handle of directory.values())
    bytes += handle.kind === 'file' ? (await handle.getFile()).size : await directoryBytes(handle);
  return bytes;
}
