import { AppError } from './errors.ts';

/** How long a loop may hold its thread before it lets messages in. */
const HOLD_MS = 24;

/** Rejects with abort/by-user what was stopped. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled', { cause: signal.reason });
}

/** Lets messages in: an abort cannot arrive while a loop holds the thread. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** For long loops: awaited in each round, it lets other work in whenever the thread was held long enough. */
export function createBreather(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < HOLD_MS) return undefined;
    return breathe().then(() => {
      since = performance.now();
      throwIfAborted(signal);
    });
  };
}
