import { isClutter } from '#core/rag/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { KnownFile } from './folder-records.ts';

export interface FoundFile {
  /** 'notes/2025/plan.md': the folder's own name is its first part. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly handle: FileSystemFileHandle;
}

interface FolderScan {
  readonly files: readonly FoundFile[];
  /** There, but locked by another program: neither changed nor removed. */
  readonly unreadable: readonly string[];
}

export interface FolderChange {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly path: string;
  readonly sizeBytes: number;
}

const isNamed = (error: unknown, name: string): boolean =>
  error instanceof DOMException && error.name === name;

/** What is in the folder now, by path. A folder in it that cannot be listed ends the scan: its files are not gone. */
export async function scanFolder(folder: FileSystemDirectoryHandle): Promise<FolderScan> {
  const files: FoundFile[] = [];
  const unreadable: string[] = [];
  async function file(handle: FileSystemFileHandle, path: string): Promise<void> {
    try {
      const { size, lastModified } = await handle.getFile();
      files.push({ path, sizeBytes: size, modifiedAt: lastModified, handle });
    } catch (error) {
      if (!isNamed(error, 'NotFoundError')) unreadable.push(path); // else it went away just now
    }
  }
  async function below(directory: FileSystemDirectoryHandle, path: string): Promise<void> {
    for await (const [name, handle] of directory.entries()) {
      const inner = `${path}/${name}`;
      if (isClutter(inner)) continue;
      if (handle.kind === 'directory') await below(handle as FileSystemDirectoryHandle, inner);
      else await file(handle as FileSystemFileHandle, inner);
    }
  }
  try {
    await below(folder, folder.name);
  } catch (error) {
    throw folderError(error, folder.name);
  }
  const byPath = (a: FoundFile, b: FoundFile): number => (a.path < b.path ? -1 : 1);
  return { files: files.sort(byPath), unreadable };
}

/** What is other than it was when the folder was last taken in. */
export function changesOf(known: readonly KnownFile[], scan: FolderScan): readonly FolderChange[] {
  const before = new Map(known.map((file) => [file.path, file]));
  const changes: FolderChange[] = [];
  for (const { path, sizeBytes, modifiedAt } of scan.files) {
    const old = before.get(path);
    before.delete(path);
    if (old === undefined) changes.push({ kind: 'added', path, sizeBytes });
    else if (old.sizeBytes !== sizeBytes || old.modifiedAt !== modifiedAt)
      changes.push({ kind: 'changed', path, sizeBytes });
  }
  for (const path of scan.unreadable) before.delete(path);
  for (const { path, sizeBytes } of before.values()) changes.push({ kind: 'removed', path, sizeBytes });
  return changes;
}

/** The platform's errors about a folder, in words. */
export function folderError(error: unknown, name: string): AppError {
  if (isNamed(error, 'NotFoundError'))
    return new AppError(
      'input/invalid',
      `The folder “${name}”, or one in it, is no longer where it was: moved, renamed, or on a drive that is not connected. Its documents stay. Look again when it is back, or add it from its new place.`,
      { cause: error },
    );
  if (isNamed(error, 'NotAllowedError') || isNamed(error, 'SecurityError')) return notAllowed(name, error);
  if (error instanceof DOMException)
    return new AppError(
      'input/invalid',
      `The folder “${name}” cannot be read now: ${error.message} Its documents stay. Look again later.`,
      { cause: error },
    );
  return toAppError(error);
}

export function notAllowed(name: string, cause?: unknown): AppError {
  return new AppError(
    'capability/storage-denied',
    `The folder “${name}” may not be read: the browser was not allowed to. Its documents stay and nothing was changed. Allow reading to look again.`,
    cause === undefined ? {} : { cause },
  );
}
