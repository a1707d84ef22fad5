import { AppError } from '#shared/errors.ts';

/** The part of FileSystemSyncAccessHandle that is used. The DOM library lacks it: it exists in workers only. */
export interface SyncAccess {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Many times faster than a writable stream. Throws capability/unsupported-browser outside a worker. */
export async function openSyncAccess(handle: FileSystemFileHandle): Promise<SyncAccess> {
  const opener = handle as FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncAccess> };
  if (opener.createSyncAccessHandle === undefined)
    throw new AppError('capability/unsupported-browser', 'This browser cannot write model files. Update it.');
  return opener.createSyncAccessHandle();
}

/**
 * Writes all of `bytes`, or throws what a full disk throws. In a private window Chromium does not throw but returns its
 * own error code as an unsigned number, 4294967288: more than was asked for.
 */
export function writeFully(access: SyncAccess, bytes: Uint8Array, at: number): void {
  if (access.write(bytes, { at }) !== bytes.byteLength)
    throw new DOMException('The disk took only a part of the bytes', 'QuotaExceededError');
}
