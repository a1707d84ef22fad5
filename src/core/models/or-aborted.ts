import { AppError } from '#shared/errors.ts';

export const cancelled = (why = 'Cancelled'): AppError => new AppError('abort/by-user', why);

/** Rejects with abort/by-user as soon as the signal fires; what the promise stands for goes on. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const reason = (): unknown => (signal.reason instanceof AppError ? signal.reason : cancelled());
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(reason());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
