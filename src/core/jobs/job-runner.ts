import type { JobKind, JobRecord } from '#core/ports/job-records.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ChangeFeed, JobRepository } from '#core/ports/repositories.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createJobExecution, type RunJob, withoutError } from './job-execution.ts';
import { createJobList } from './job-list.ts';

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
  /** Stops it where it is; `resume` goes on from the cursor. Works from every tab; resolves when it has stopped. */
  pause(id: string): Promise<void>;
  /** Starts a paused or failed job again from its cursor. */
  resume(id: string): Promise<void>;
  /** Stops it for good. What it has done stays; the kind's owner may clean up on 'cancelled'. */
  cancel(id: string): Promise<void>;
  /** Removes a job that has ended from the list. */
  dismiss(id: string): Promise<void>;
  /**
   * Starts what a closed tab or a crash left running, and takes off the list what had ended well or was stopped before:
   * what failed stays. Called once at start, after the kinds are registered.
   */
  resumeInterrupted(): Promise<void>;
  /** Jobs as they are now, newest first; fresh progress included. */
  jobs(): readonly JobRecord[];
  subscribe(listener: () => void): () => void;
  /** Resolves when the job has ended, with its last record. */
  ended(id: string): Promise<JobRecord>;
  /** Stops what runs here; it stays marked as running, so that another tab or the next start goes on with it. */
  dispose(): void;
}

/** How often and how many times to look whether the tab that runs a job has obeyed. */
const LOOK_AGAIN_MS = 50;
const LOOKS = 100;

const isOver = ({ state }: JobRecord): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';

/**
 * Runs long acts so that they survive: each is a row in storage, runs in one tab (a lock per job, which dies with the
 * tab), reports progress, and goes on from its cursor after a pause, a crash or a reload. A tab that sees another one run
 * a job stands in line for the job's lock: when that tab dies, the job goes on here.
 */
export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const { repository, changes, locks, now = Date.now, persistMs = 1000 } = options;
  const kinds = new Map<JobKind, RunJob>();
  const standingBy = new Set<string>();
  const list = createJobList();
  const execution = createJobExecution({ repository, list, kinds, now, persistMs });
  const { running, change } = execution;
  const life = new AbortController();
  const openedAt = now();

  /** What another tab brings to its end right now is still awaited there. */
  const isOldNews = ({ state, updatedAt }: JobRecord): boolean =>
    (state === 'done' || state === 'cancelled') && updatedAt < openedAt;

  async function must(id: string): Promise<JobRecord> {
    const job = await repository.get(id);
    if (job) return job;
    throw new AppError('job/interrupted', 'This job is no longer in the list.', { details: { id } });
  }

  /** Waits for the job's lock, then runs it if it is still to be run. */
  function launch(
    id: string,
    startsFrom: readonly JobRecord['state'][] = ['queued', 'running'],
  ): Promise<void> {
    return locks
      .hold(
        `job:${id}`,
        () => (life.signal.aborted ? Promise.resolve() : execution.run(id, startsFrom)),
        life.signal,
      )
      .catch((error: unknown) => {
        if (!isAbort(error)) execution.showFailure(id, error);
      });
  }

  function standBy(job: JobRecord): void {
    if (standingBy.has(job.id) || life.signal.aborted || !kinds.has(job.kind)) return;
    standingBy.add(job.id);
    void launch(job.id, ['running']).finally(() => standingBy.delete(job.id));
  }

  async function stop(id: string, stopAs: 'paused' | 'cancelled'): Promise<void> {
    const entry = running.get(id);
    if (entry) {
      entry.stopAs = stopAs;
      entry.abort.abort();
      return entry.ended;
    }
    // It runs in another tab, or nowhere: that tab sees the wish in the row, and lets go of the lock when it has obeyed.
    await must(id);
    const wish = (job: JobRecord): JobRecord => (isOver(job) ? job : { ...job, state: stopAs });
    let job = await change(id, wish);
    for (let looks = 0; job && !isOver(job) && looks < LOOKS; looks++) {
      if (!(await locks.isHeld(`job:${id}`))) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      job = await repository.get(id);
    }
  }

  async function refresh(ids: readonly string[]): Promise<void> {
    const jobs = await Promise.all(ids.map((id) => repository.get(id)));
    jobs.forEach((job, i) => {
      const id = ids[i] ?? '';
      const entry = running.get(id);
      if (entry === undefined) {
        if (job === undefined) list.remove(id);
        else list.show(job);
        if (job?.state === 'running') standBy(job);
      } else if (job?.state === 'paused' || job?.state === 'cancelled' || job === undefined) {
        entry.stopAs = job?.state === 'cancelled' || job === undefined ? 'cancelled' : 'paused';
        entry.abort.abort();
      } else if (job.state === 'queued' && !entry.abort.signal.aborted) {
        // Paused and resumed elsewhere before this tab had looked: it never stopped.
        change(id, (stored) => (stored.state === 'queued' ? { ...stored, state: 'running' } : stored)).catch(
          () => {},
        );
      }
    });
  }

  const unsubscribe = changes.subscribe(({ store, ids }) => {
    // A storage that cannot be read is told by whoever asked it for something.
    if (store === 'jobs') refresh(ids).catch(() => {});
  });

  return {
    register: (kind, run) => void kinds.set(kind, run),
    async start(kind, label, input) {
      const id = createId(now());
      const job: JobRecord = { id, kind, label, input, state: 'queued', createdAt: now(), updatedAt: now() };
      await repository.save(job);
      if (list.get(id) === undefined) list.show(job);
      void launch(id);
      return id;
    },
    pause: (id) => stop(id, 'paused'),
    cancel: (id) => stop(id, 'cancelled'),
    async resume(id) {
      const entry = running.get(id);
      if (entry?.abort.signal.aborted === false) return;
      await entry?.ended;
      await must(id);
      const startable = (job: JobRecord): boolean => job.state === 'paused' || job.state === 'failed';
      const job = await change(id, (now) =>
        startable(now) ? { ...withoutError(now), state: 'queued' } : now,
      );
      if (job?.state === 'queued') void launch(id);
      // It failed here, and storage was too full to say so in its row.
      if (job?.state === 'running') standBy(job);
    },
    async dismiss(id) {
      const job = await repository.get(id);
      if (job && !isOver(job)) return;
      await repository.remove(id);
      list.remove(id);
    },
    async resumeInterrupted() {
      for (const job of await repository.list()) {
        if (isOldNews(job)) {
          await repository.remove(job.id);
          continue;
        }
        if (!running.has(job.id)) list.show(job);
        if (job.state === 'running' || job.state === 'queued') void launch(job.id);
      }
    },
    jobs: list.jobs,
    subscribe: list.subscribe,
    ended(id) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          const job = list.get(id);
          if (job === undefined || !isOver(job) || running.has(id)) return;
          unsubscribeCheck();
          resolve(job);
        };
        const unsubscribeCheck = list.subscribe(check);
        must(id).then((job) => {
          if (!running.has(id)) list.show(job);
          check();
        }, reject);
      });
    },
    dispose() {
      unsubscribe();
      list.clear();
      life.abort();
      for (const entry of running.values()) entry.abort.abort();
    },
  };
}
