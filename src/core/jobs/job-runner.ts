import type { JobKind, JobRecord } from '#core/ports/job-records.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ChangeFeed, JobRepository } from '#core/ports/repositories.ts';
import type { Progress } from '#shared/call.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';

export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (event: Progress) => void;
  /** Stored at once: after a crash the job starts from here. */
  saveCursor(cursor: unknown): Promise<void>;
}

export type RunJob = (job: JobRecord, context: JobContext) => Promise<void>;

export interface JobRunnerOptions {
  readonly repository: JobRepository;
  readonly changes: ChangeFeed;
  readonly locks: Locks;
  readonly now?: () => number;
  /** How often progress is written for other tabs and for the next start. */
  readonly persistMs?: number;
}

export interface JobRunner {
  register(kind: JobKind, run: RunJob): void;
  /** Stores the job and starts it; resolves with its id once it is stored. */
  start(kind: JobKind, label: string, input: unknown): Promise<string>;
  /** Stops it where it is; `resume` goes on from the cursor. Works from every tab. */
  pause(id: string): Promise<void>;
  /** Starts a paused or failed job again from its cursor. */
  resume(id: string): Promise<void>;
  /** Stops it for good. What it has done stays; the kind's owner may clean up on 'cancelled'. */
  cancel(id: string): Promise<void>;
  /** Removes a job that has ended from the list. */
  dismiss(id: string): Promise<void>;
  /** Starts what a closed tab or a crash left running. Called once at start. */
  resumeInterrupted(): Promise<void>;
  /** Jobs as they are now, newest first; fresh progress included. */
  jobs(): readonly JobRecord[];
  subscribe(listener: () => void): () => void;
  /** Resolves when the job has ended, with its last record. */
  ended(id: string): Promise<JobRecord>;
  dispose(): void;
}

interface Running {
  readonly abort: AbortController;
  /** What the job becomes when it is stopped. */
  stopAs: 'paused' | 'cancelled';
}

const isOver = ({ state }: JobRecord): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';

/**
 * Runs long acts so that they survive: each is a row in storage, runs in one tab (a lock per job, which dies with the
 * tab), reports progress, and goes on from its cursor after a pause, a crash or a reload.
 */
export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const { repository, changes, locks, now = Date.now, persistMs = 1000 } = options;
  const kinds = new Map<JobKind, RunJob>();
  const running = new Map<string, Running>();
  const known = new Map<string, JobRecord>();
  const listeners = new Set<() => void>();
  let list: readonly JobRecord[] = [];

  function tell(): void {
    list = [...known.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    for (const listener of [...listeners]) listener();
  }

  function show(job: JobRecord): JobRecord {
    known.set(job.id, job);
    tell();
    return job;
  }

  async function save(job: JobRecord): Promise<JobRecord> {
    const saved = { ...job, updatedAt: now() };
    show(saved);
    await repository.save(saved);
    return saved;
  }

  async function current(id: string): Promise<JobRecord> {
    const job = (running.has(id) ? known.get(id) : undefined) ?? (await repository.get(id));
    if (job) return job;
    throw new AppError('job/interrupted', 'This job is no longer in the list.', { details: { id } });
  }

  function contextOf(id: string, { abort }: Running): JobContext {
    let writtenMs = 0;
    return {
      signal: abort.signal,
      onProgress(event) {
        const job = known.get(id);
        if (job === undefined || abort.signal.aborted) return;
        const before = job.progress;
        const done =
          before && before.phase === event.phase && before.label === event.label
            ? Math.max(before.done, event.done)
            : event.done;
        const next = show({ ...job, progress: { ...event, done } });
        if (now() - writtenMs < persistMs) return;
        writtenMs = now();
        // The next write, or the end of the job, reports a storage that refuses.
        repository.save({ ...next, updatedAt: now() }).catch(() => {});
      },
      async saveCursor(cursor) {
        await save({ ...(await current(id)), cursor });
      },
    };
  }

  async function runHeld(id: string): Promise<void> {
    const stored = await repository.get(id);
    if (stored === undefined || isOver(stored) || stored.state === 'paused') return;
    const run = kinds.get(stored.kind);
    if (run === undefined) return;
    const entry: Running = { abort: new AbortController(), stopAs: 'paused' };
    running.set(id, entry);
    try {
      const { error: _, ...clean } = stored;
      const job = await save({ ...clean, state: 'running' });
      await run(job, contextOf(id, entry));
      await save({ ...(await current(id)), state: 'done' });
    } catch (error) {
      const last = await current(id).catch(() => stored);
      if (entry.abort.signal.aborted && isAbort(error)) await save({ ...last, state: entry.stopAs });
      else await save({ ...last, state: 'failed', error: toWire(toAppError(error)) }).catch(() => {});
    } finally {
      running.delete(id);
    }
  }

  function launch(id: string): void {
    void locks.tryHold(`job:${id}`, () => runHeld(id));
  }

  async function stop(id: string, stopAs: Running['stopAs']): Promise<void> {
    const entry = running.get(id);
    if (entry) {
      entry.stopAs = stopAs;
      entry.abort.abort();
      return;
    }
    // It runs in another tab, or nowhere: that tab sees the wish in the record.
    const job = await current(id);
    if (!isOver(job)) await save({ ...job, state: stopAs });
  }

  async function refresh(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const job = await repository.get(id);
      const entry = running.get(id);
      if (entry) {
        if (job?.state !== 'paused' && job?.state !== 'cancelled') continue;
        entry.stopAs = job.state;
        entry.abort.abort();
      } else if (job) show(job);
      else if (known.delete(id)) tell();
    }
  }

  const unsubscribe = changes.subscribe(({ store, ids }) => {
    if (store === 'jobs') void refresh(ids);
  });

  return {
    register: (kind, run) => void kinds.set(kind, run),
    async start(kind, label, input) {
      const id = createId(now());
      await save({ id, kind, label, input, state: 'queued', createdAt: now(), updatedAt: now() });
      launch(id);
      return id;
    },
    pause: (id) => stop(id, 'paused'),
    cancel: (id) => stop(id, 'cancelled'),
    async resume(id) {
      const { error: _, ...job } = await current(id);
      if (running.has(id) || job.state === 'done') return;
      await save({ ...job, state: 'queued' });
      launch(id);
    },
    async dismiss(id) {
      const job = await repository.get(id);
      if (job && !isOver(job)) return;
      await repository.remove(id);
      known.delete(id);
      tell();
    },
    async resumeInterrupted() {
      for (const job of await repository.list()) {
        show(job);
        if (job.state === 'running' || job.state === 'queued') launch(job.id);
      }
    },
    jobs: () => list,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ended(id) {
      return new Promise((resolve) => {
        const check = (): void => {
          const job = known.get(id);
          if (job === undefined || !isOver(job) || running.has(id)) return;
          listeners.delete(check);
          resolve(job);
        };
        listeners.add(check);
        void repository.get(id).then((job) => job && !running.has(id) && show(job));
        check();
      });
    },
    dispose() {
      unsubscribe();
      for (const entry of running.values()) entry.abort.abort();
      listeners.clear();
    },
  };
}
