import { AppError, type ErrorCode } from '#shared/errors.ts';

function nameOf(error: unknown): string {
  return error instanceof DOMException || error instanceof Error ? error.name : '';
}

const BY_NAME: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  QuotaExceededError: [
    'storage/quota-exceeded',
    'This browser has no room left for Benchtop. Delete a model or documents on the Models and Library screens, then try again.',
  ],
  VersionError: [
    'storage/version-blocked',
    'A newer Benchtop has already upgraded the data in this browser. Reload the page to get the newer version.',
  ],
  SecurityError: [
    'capability/storage-denied',
    'This browser does not let the page store anything. Allow site data for this page, or leave private browsing.',
  ],
  InvalidStateError: [
    'storage/version-blocked',
    'The connection to the data was closed because another tab upgraded or deleted it. Reload the page.',
  ],
  DataCloneError: ['internal/unexpected', 'A record could not be stored.'],
  DataError: [
    'storage/corrupt',
    'A stored record has an invalid key. Export what you need, then delete all data.',
  ],
  NotReadableError: [
    'storage/corrupt',
    'The browser could not read its own storage. Close other tabs and reload; if it stays, the profile is damaged.',
  ],
  UnknownError: [
    'storage/corrupt',
    'The browser could not read or write its storage. The disk may be full or the profile damaged.',
  ],
};

/** IndexedDB's and idb's errors as ours; an AppError passes through. */
export function toStorageError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const known = BY_NAME[nameOf(error)];
  const message = error instanceof Error ? error.message : String(error);
  if (known === undefined) return new AppError('internal/unexpected', message, { cause: error });
  return new AppError(known[0], known[1], { cause: error, details: { reason: message } });
}

/** For quota errors: how much the browser gives and how much is taken, in bytes. */
export async function withQuotaDetails(error: AppError): Promise<AppError> {
  if (error.code !== 'storage/quota-exceeded') return error;
  const { quota, usage } = await navigator.storage
    .estimate()
    .catch(() => ({ quota: undefined, usage: undefined }));
  return new AppError(error.code, error.message, {
    details: { ...error.details, quotaBytes: quota, usageBytes: usage },
    cause: error.cause,
  });
}
