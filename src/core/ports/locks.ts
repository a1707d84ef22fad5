/** Exclusive locks by name across all tabs and workers of the origin (Web Locks, or an equivalent). */
export interface Locks {
  /**
   * Runs `body` while holding the lock; resolves false at once, without running it, when somebody else holds it.
   * The lock is released when `body` settles or its context dies.
   */
  tryHold(name: string, body: () => Promise<void>): Promise<boolean>;
  /** Waits for the lock, then runs `body`. Rejects with abort/by-user on the signal while waiting. */
  hold<T>(name: string, body: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  isHeld(name: string): Promise<boolean>;
}
