import type { JobKind, JobRecord } from '#core/ports/job-records.ts';
import type { JobRepository } from '#core/ports/repositories.ts';
import type { Progress } from '#shared/call.ts';
import { AppError, isAbort, toAppError, toWire } from '#shared/errors.ts';
import type { JobList } from './job-list.ts';
import { mergeProgress } from './merge-progress.ts';

export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (event: Progress) => void;
  /** Stored at once: after a crash the job starts from here. */
  saveCursor(cursor: unknown): Promise<void>;
}

export type RunJob = (job: JobRecord, context: JobContext) => Promise<void>;

/** A job that runs in this tab. */
export interface RunningJob {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  /** What the job becomes when it is stopped; undefined: this tab ends, the job does not. */
  stopAs: 'paused' | 'cancelled' | undefined;
  /** The last that this run reported. */
  progress: Progress | undefined;
}

interface JobExecutionOptions {
  readonly repository: JobRepository;
  readonly list: JobList;
  readonly kinds: ReadonlyMap<JobKind, RunJob>;
  readonly now: () => number;
  readonly persistMs: number;
}

export const withoutError = ({ error: _, ...job }: JobRecord): JobRecord => job;

/** Runs one job at a time per id, in this tab, and keeps its row and the list true. The caller holds the job's lock. */
export function createJobExecution({ repository, list, kinds, now, persistMs }: JobExecutionOptions) {
  const running = new Map<string, RunningJob>();

  /** Changes the row by what is in storage now: a row is never overwritten from memory. */
  async function change(id: string, by: (job: JobRecord) => JobRecord): Promise<JobRecord | undefined> {
    const stored = await repository.update(id, (job) => {
      const changed = by(job);
      return changed === job ? job : { ...changed, updatedAt: now() };
    });
    const progress = running.get(id)?.progress;
    if (stored) list.show(progress ? { ...stored, progress } : stored);
    else list.remove(id);
    return stored;
  }

  function contextOf(id: string, entry: RunningJob): JobContext {
    const { signal } = entry.abort;
    let writtenMs = 0;
    return {
      signal,
      onProgress(event) {
        const job = list.get(id);
        if (job === undefined || signal.aborted) return;
        const progress = mergeProgress(entry.progress, event);
        entry.progress = progress;
        list.show({ ...job, progress });
        if (now() - writtenMs < persistMs) return;
        writtenMs = now();
        // The next write, or the end of the job, reports a storage that refuses.
        change(id, (stored) => ({ ...stored, progress })).catch(() => {});
      },
      async saveCursor(cursor) {
        await change(id, (stored) => ({ ...stored, cursor }));
      },
    };
  }

  /** The job's end as a row, with the progress that was shown last. */
  async function finish(id: string, entry: RunningJob, error: unknown): Promise<void> {
    const { progress, stopAs, abort } = entry;
    const end = (state: JobRecord['state'], more: Partial<JobRecord> = {}) =>
      change(id, (job) => ({ ...job, ...(progress ? { progress } : {}), ...more, state }));
    if (error === undefined) await end('done');
    else if (!(abort.signal.aborted && isAbort(error)))
      await end('failed', { error: toWire(toAppError(error)) });
    else if (stopAs !== undefined)
      // Another tab may have asked to go on while this one was stopping: that wish stays.
      await change(id, (job) => ({
        ...job,
        ...(progress ? { progress } : {}),
        state: job.state === 'running' ? stopAs : job.state,
      }));
  }

  /** Shown here only: storage refuses even the row. The next start tries the job again. */
  function showFailure(id: string, error: unknown): void {
    const job = list.get(id);
    if (job) list.show({ ...job, state: 'failed', error: toWire(toAppError(error)) });
  }

  async function attempt(id: string, entry: RunningJob, run: RunJob, from: readonly JobRecord['state'][]) {
    const job = await change(id, (stored) =>
      from.includes(stored.state) ? { ...withoutError(stored), state: 'running' } : stored,
    );
    if (job?.state !== 'running') return;
    let failure: unknown;
    try {
      await run(job, contextOf(id, entry));
    } catch (error) {
      failure = error ?? new AppError('internal/unexpected', 'The job ended without saying why.');
    }
    await finish(id, entry, failure);
  }

  return {
    running,
    change,
    showFailure,
    /** Runs the job if its state is one of `from`; resolves when it has ended, however. */
    async run(id: string, from: readonly JobRecord['state'][]): Promise<void> {
      const stored = await repository.get(id);
      const run = stored && kinds.get(stored.kind);
      if (run === undefined || !from.includes(stored?.state ?? 'done')) return;
      let end = (): void => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const entry: RunningJob = {
        abort: new AbortController(),
        ended,
        stopAs: undefined,
        progress: undefined,
      };
      running.set(id, entry);
      try {
        await attempt(id, entry, run, from);
      } catch (error) {
        showFailure(id, error);
      } finally {
        running.delete(id);
        end();
        list.tell();
      }
    },
  };
}
