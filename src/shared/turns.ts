import { AppError } from './errors.ts';

/** Waits for its turn; the returned function ends the turn and may be called more than once. */
export type TakeTurn = (signal?: AbortSignal) => Promise<() => void>;

/**
 * One at a time, first come, first served: for a resource that cannot serve two callers at once.
 * A caller who aborts while waiting gives up its place: rejects with abort/by-user.
 */
export function createTurns(): TakeTurn {
  let last: Promise<void> = Promise.resolve();

  return async function takeTurn(signal) {
    const before = last;
    let endTurn = (): void => {};
    last = new Promise((resolve) => {
      endTurn = resolve;
    });
    try {
      await waitUnlessAborted(before, signal);
    } catch (error) {
      void before.then(endTurn); // the place in the line passes on
      throw error;
    }
    return endTurn;
  };
}

/** Settles with `work`, or rejects with abort/by-user as soon as the signal fires; `work` itself is not stopped. */
export function waitUnlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(new AppError('abort/by-user', 'Cancelled', { cause: signal.reason }));
    if (signal.aborted) {
      work.catch(() => {}); // nobody waits for it any more
      return onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
