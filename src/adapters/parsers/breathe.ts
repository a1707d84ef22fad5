import { AppError } from '#shared/errors.ts';

/** Lets messages in: an abort cannot arrive while a loop holds the thread. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** How long a loop may hold its thread before it lets messages in. */
const HOLD_MS = 24;

/** For long loops: awaited in each round, it breathes whenever the thread was held long enough. */
export function createPacer(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < HOLD_MS) return undefined;
    return breathe().then(() => {
      since = performance.now();
      throwIfAborted(signal);
    });
  };
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('abort/by-user', 'Stopped reading the document.');
}

/** Settles with `work`, or rejects as soon as the signal aborts. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  throwIfAborted(signal);
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new AppError('abort/by-user', 'Stopped reading the document.'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
