import type { JobRecord } from '#core/ports/job-records.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ChangeFeed, JobRepository, RepositoryChange } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';

interface Waiting {
  readonly tab: string;
  readonly grant: () => void;
}

/** Locks as browsers have them: first come, first served, and gone with the tab that held them. */
function createTabLocks() {
  const held = new Map<string, string>();
  const queues = new Map<string, Waiting[]>();

  function release(name: string): void {
    held.delete(name);
    const next = queues.get(name)?.shift();
    if (next === undefined) return;
    held.set(name, next.tab);
    next.grant();
  }

  function acquire(tab: string, name: string, signal?: AbortSignal): Promise<void> {
    if (!held.has(name)) {
      held.set(name, tab);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      const waiting: Waiting = { tab, grant: resolve };
      queue.push(waiting);
      signal?.addEventListener('abort', () => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(new AppError('abort/by-user', 'Cancelled'));
      });
    });
  }

  const locksOf = (tab: string): Locks => ({
    async tryHold(name, body) {
      if (held.has(name)) return false;
      await locksOf(tab).hold(name, body);
      return true;
    },
    async hold(name, body, signal) {
      await acquire(tab, name, signal);
      try {
        return await body();
      } finally {
        if (held.get(name) === tab) release(name);
      }
    },
    isHeld: async (name) => held.has(name),
  });

  function kill(tab: string): void {
    for (const [name, queue] of queues)
      queues.set(
        name,
        queue.filter((waiting) => waiting.tab !== tab),
      );
    for (const [name, holder] of [...held]) if (holder === tab) release(name);
  }

  return { locksOf, kill };
}

export interface Tab {
  readonly repository: JobRepository;
  readonly changes: ChangeFeed;
  readonly locks: Locks;
  /** As when the browser's process is gone: nothing of it is written or heard any more, its locks are free. */
  kill(): void;
}

/** One storage, several tabs: rows are copied in and out, changes are heard by all, writes are transactions. */
export function createTabs() {
  const rows = new Map<string, JobRecord>();
  const listeners = new Map<string, Set<(change: RepositoryChange) => void>>();
  const locks = createTabLocks();
  let writes = 0;
  let refusal: Error | undefined;

  function open(name: string): Tab {
    const own = new Set<(change: RepositoryChange) => void>();
    listeners.set(name, own);
    let isAlive = true;
    const turn = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (!isAlive) await new Promise(() => {}); // a dead tab's promises never settle
    };
    const announce = (id: string): void => {
      writes += 1;
      for (const [tab, all] of listeners)
        for (const listener of all)
          if (tab === name) listener({ store: 'jobs', ids: [id] });
          else setTimeout(() => all.has(listener) && listener({ store: 'jobs', ids: [id] }), 1);
    };
    const refuse = (): void => {
      if (refusal) throw refusal;
    };
    return {
      repository: {
        async list() {
          await turn();
          return structuredClone([...rows.values()].sort((a, b) => b.createdAt - a.createdAt));
        },
        async get(id) {
          await turn();
          return structuredClone(rows.get(id));
        },
        async save(job) {
          await turn();
          refuse();
          rows.set(job.id, structuredClone(job));
          announce(job.id);
        },
        async update(id, change) {
          await turn();
          const before = structuredClone(rows.get(id));
          const after = before && change(before);
          if (after === undefined || after === before) return after;
          refuse();
          rows.set(id, structuredClone(after));
          announce(id);
          return structuredClone(after);
        },
        async remove(id) {
          await turn();
          rows.delete(id);
          announce(id);
        },
      },
      changes: {
        subscribe(listener) {
          own.add(listener);
          return () => own.delete(listener);
        },
      },
      locks: locks.locksOf(name),
      kill() {
        isAlive = false;
        own.clear();
        locks.kill(name);
      },
    };
  }

  return {
    open,
    row: (id: string) => rows.get(id),
    put: (job: JobRecord) => void rows.set(job.id, job),
    writes: () => writes,
    /** From now on storage refuses every write with this error. */
    refuseWith: (error: Error | undefined) => {
      refusal = error;
    },
  };
}
