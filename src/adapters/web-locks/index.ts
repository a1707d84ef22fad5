import type { Locks } from '#core/ports/locks.ts';
import { AppError } from '#shared/errors.ts';

/** The browser's own locks: they end with their tab, however it ends. */
export function createWebLocks(prefix = 'benchtop'): Locks {
  const full = (name: string): string => `${prefix}:${name}`;
  return {
    async tryHold(name, body) {
      return navigator.locks.request(full(name), { ifAvailable: true }, async (lock) => {
        if (lock === null) return false;
        await body();
        return true;
      });
    },
    async hold(name, body, signal) {
      const options = signal === undefined ? {} : { signal };
      let hasStarted = false;
      try {
        return await navigator.locks.request(full(name), options, () => {
          hasStarted = true;
          return body();
        });
      } catch (error) {
        if (!hasStarted && signal?.aborted)
          throw new AppError('abort/by-user', 'Cancelled', { cause: error });
        throw error;
      }
    },
    async isHeld(name) {
      const { held = [] } = await navigator.locks.query();
      return held.some((lock) => lock.name === full(name));
    },
  };
}
