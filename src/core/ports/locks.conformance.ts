import { beforeAll, describe, expect, test } from 'vitest';
import type { Locks } from './locks.ts';

/** Locks as two tabs of one origin have them. */
export interface LocksSubject {
  readonly locks: Locks;
  readonly otherTab: Locks;
  /** A third tab that takes a lock, holds it until it is killed, and then dies without a word. */
  readonly openDoomedTab: () => Promise<{ hold(name: string): Promise<void>; kill(): void }>;
}

/** A promise and what settles it. */
function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Every adapter of the port runs this. */
export function describeLocks(name: string, create: () => Promise<LocksSubject>): void {
  describe(`${name} as locks`, () => {
    let subject: LocksSubject;
    let lock: string;
    let count = 0;

    beforeAll(async () => {
      subject = await create();
    });
    const fresh = (): string => {
      count += 1;
      lock = `lock ${count} of ${name}`;
      return lock;
    };

    /** Takes the lock in this tab; resolves once it is held. */
    async function take(lockName: string): Promise<{ release(): Promise<void> }> {
      const held = createGate();
      const end = createGate();
      const holding = subject.locks.hold(lockName, async () => {
        held.open();
        await end.opened;
      });
      await held.opened;
      return {
        async release() {
          end.open();
          await holding;
        },
      };
    }

    test('hold gives back what its body gives', async () => {
      expect(await subject.locks.hold(fresh(), async () => 42)).toBe(42);
      expect(await subject.locks.isHeld(lock)).toBe(false);
    });

    test('one holder at a time, in the order of asking', async () => {
      fresh();
      const order: string[] = [];
      let inside = 0;
      const body = (who: string) => async (): Promise<void> => {
        inside += 1;
        expect(inside).toBe(1);
        await subject.locks.isHeld(lock);
        order.push(who);
        inside -= 1;
      };
      const first = await take(lock);
      const waiting = [
        subject.otherTab.hold(lock, body('a')),
        subject.locks.hold(lock, body('b')),
        subject.otherTab.hold(lock, body('c')),
      ];
      expect(order).toEqual([]);
      await first.release();
      await Promise.all(waiting);
      expect(order).toEqual(['a', 'b', 'c']);
    });

    test('tryHold runs when the lock is free, and not at all when it is taken', async () => {
      fresh();
      let runs = 0;
      const body = async (): Promise<void> => {
        runs += 1;
        expect(await subject.otherTab.isHeld(lock)).toBe(true);
      };
      expect(await subject.otherTab.tryHold(lock, body)).toBe(true);
      const holder = await take(lock);
      expect(await subject.otherTab.tryHold(lock, body)).toBe(false);
      expect(await subject.locks.tryHold(lock, body)).toBe(false);
      expect(runs).toBe(1);
      await holder.release();
      expect(await subject.otherTab.tryHold(lock, body)).toBe(true);
    });

    test('other names are other locks', async () => {
      const holder = await take(fresh());
      expect(await subject.otherTab.tryHold(`${lock}, another`, async () => {})).toBe(true);
      expect(await subject.otherTab.isHeld(`${lock}, another`)).toBe(false);
      await holder.release();
    });

    test('a body that fails releases the lock, and its error arrives', async () => {
      fresh();
      const failing = async (): Promise<void> => {
        throw new TypeError('the body failed');
      };
      await expect(subject.locks.hold(lock, failing)).rejects.toThrow('the body failed');
      await expect(subject.locks.tryHold(lock, failing)).rejects.toThrow('the body failed');
      expect(await subject.otherTab.isHeld(lock)).toBe(false);
    });

    test('who waits can give up, and the lock goes to the next', async () => {
      fresh();
      const holder = await take(lock);
      const abort = new AbortController();
      let ran = false;
      const givenUp = subject.otherTab.hold(
        lock,
        async () => {
          ran = true;
        },
        abort.signal,
      );
      const next = subject.otherTab.hold(lock, async () => 'next');
      abort.abort();
      await expect(givenUp).rejects.toMatchObject({ code: 'abort/by-user' });
      await holder.release();
      expect(await next).toBe('next');
      expect(ran).toBe(false);
    });

    test('a signal that fired before keeps the body from running', async () => {
      let ran = false;
      const body = async (): Promise<void> => {
        ran = true;
      };
      await expect(subject.locks.hold(fresh(), body, AbortSignal.abort())).rejects.toMatchObject({
        code: 'abort/by-user',
      });
      expect(ran).toBe(false);
    });

    test('an abort during the body is the body’s own affair', async () => {
      const abort = new AbortController();
      const result = await subject.locks.hold(
        fresh(),
        async () => {
          abort.abort();
          return 'finished';
        },
        abort.signal,
      );
      expect(result).toBe('finished');
    });

    test('a lock ends with its tab', async () => {
      const doomed = await subject.openDoomedTab();
      fresh();
      await doomed.hold(lock);
      expect(await subject.locks.tryHold(lock, async () => {})).toBe(false);
      const inherited = subject.locks.hold(lock, async () => 'inherited');
      doomed.kill();
      expect(await inherited).toBe('inherited');
    });
  });
}
