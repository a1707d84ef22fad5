import { AppError, isAbort, toAppError } from '#shared/errors.ts';

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

/** Errors of OPFS and of reading files. */
export async function toStoreError(error: unknown, neededBytes?: number): Promise<AppError> {
  if (error instanceof AppError || isAbort(error)) return toAppError(error);
  if (isQuota(error)) return quotaError(neededBytes);
  if (error instanceof DOMException && error.name === 'NoModificationAllowedError')
    return new AppError(
      'storage/version-blocked',
      'Another tab is writing this model. Wait for it, or close that tab.',
      { cause: error },
    );
  return toAppError(error);
}

/** The sizes that belong to a full disk. */
export async function quotaError(neededBytes?: number): Promise<AppError> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return new AppError(
    'storage/quota-exceeded',
    'This browser has no room left for this model. Delete a model or documents, then resume the download.',
    { details: { neededBytes, freeBytes: Math.max(0, quota - usage), quotaBytes: quota, usageBytes: usage } },
  );
}

/** A fetch that never got an answer: browsers do not say why. */
export function toNetworkError(error: unknown, url: string): AppError {
  if (error instanceof AppError || isAbort(error)) return toAppError(error);
  if (!navigator.onLine)
    return new AppError(
      'network/offline',
      'There is no network. The part that is here is kept; resume when you are online.',
      { cause: error, details: { url } },
    );
  const { host } = new URL(url);
  return new AppError(
    'network/failed',
    `${host} could not be reached. The part that is here is kept; try again, or import the file from disk.`,
    { cause: error, details: { url } },
  );
}
