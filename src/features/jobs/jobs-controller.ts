import { createStore } from 'zustand/vanilla';
import { createProgressMeter, type JobRunner, type ProgressMeter } from '#core/jobs/index.ts';
import type { JobKind, JobRecord } from '#core/ports/job-records.ts';
import { toAppError, toWire } from '#shared/errors.ts';
import { isOver, type JobsState, type JobView } from './jobs-state.ts';

export interface JobsDependencies {
  readonly jobs: JobRunner;
  readonly now?: () => number;
  /** Stops a job of a kind and takes back what it has made; kinds that leave nothing worth a choice have none. */
  readonly discard?: Partial<Record<JobKind, (id: string) => Promise<void>>>;
}

export type JobsController = ReturnType<typeof createJobsController>;

/** Progress comes with every chunk of a download; people read a few times a second. */
const REFRESH_MS = 150;
/** A job that says nothing for a while gets slower, not stuck at its last speed. */
const LOOK_AGAIN_MS = 1000;

const ANNOUNCED: Partial<Record<JobRecord['state'], string>> = {
  done: 'Finished',
  failed: 'Failed',
  paused: 'Paused',
  cancelled: 'Stopped',
};

/** What changed that a person who does not see the line should hear; what had ended before the page came is old news. */
function announcementOf(
  before: ReadonlyMap<string, JobRecord['state']>,
  jobs: readonly JobRecord[],
  sinceMs: number,
): string {
  return jobs
    .flatMap((job) => {
      const last = before.get(job.id);
      if (last === job.state || (last === undefined && job.createdAt < sinceMs)) return [];
      const word = ANNOUNCED[job.state] ?? (last === undefined ? 'Started' : undefined);
      return word ? [`${word}: ${job.label}. ${job.error?.message ?? ''}`.trim()] : [];
    })
    .join(' ');
}

/** Everything the job tray can do. The runner's list with speeds, and a store; knows nothing of React. */
export function createJobsController({ jobs, now = Date.now, discard = {} }: JobsDependencies) {
  const store = createStore<JobsState>(() => ({ jobs: [], isTrayOpen: false, announcement: '' }));
  const startedMs = now();
  const meters = new Map<string, ProgressMeter>();
  let states: ReadonlyMap<string, JobRecord['state']> = new Map();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function viewOf(job: JobRecord): JobView {
    if (job.state !== 'running' || job.progress === undefined) {
      meters.delete(job.id);
      return { job };
    }
    const meter = meters.get(job.id) ?? createProgressMeter();
    meters.set(job.id, meter);
    meter.note(job.progress, now());
    const rate = meter.rate();
    const remainingMs = meter.remainingMs();
    return {
      job,
      ...(rate === undefined ? {} : { rate }),
      ...(remainingMs === undefined ? {} : { remainingMs }),
    };
  }

  function read(): void {
    clearTimeout(timer);
    timer = undefined;
    const all = jobs.jobs();
    const announcement = announcementOf(states, all, startedMs);
    states = new Map(all.map(({ id, state }) => [id, state]));
    for (const id of meters.keys()) if (!states.has(id)) meters.delete(id);
    const views = all.map(viewOf);
    store.setState({
      jobs: [...views.filter(({ job }) => !isOver(job)), ...views.filter(({ job }) => isOver(job))],
      ...(announcement === '' ? {} : { announcement }),
    });
    if (all.some(({ state }) => state === 'running')) timer = setTimeout(read, LOOK_AGAIN_MS);
  }

  let soon: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = jobs.subscribe(() => {
    soon ??= setTimeout(() => {
      soon = undefined;
      read();
    }, REFRESH_MS);
  });
  read();

  /** Asks the runner; a refusal is shown in the tray. */
  async function ask(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      const { error: _, ...rest } = store.getState();
      store.setState(rest, true);
    } catch (error) {
      store.setState({ error: toWire(toAppError(error)) });
    }
    read();
  }

  const inState = (...wanted: readonly JobRecord['state'][]): readonly string[] =>
    jobs.jobs().flatMap(({ id, state }) => (wanted.includes(state) ? [id] : []));
  const each = (ids: readonly string[], act: (id: string) => Promise<void>): Promise<void> =>
    ask(async () => void (await Promise.all(ids.map(act))));

  return {
    store,
    openTray: (): void => store.setState({ isTrayOpen: true }),
    closeTray: (): void => store.setState({ isTrayOpen: false }),
    pause: (id: string): Promise<void> => ask(() => jobs.pause(id)),
    /** Goes on with a paused job, or tries a failed one again, from where it was. */
    resume: (id: string): Promise<void> => ask(() => jobs.resume(id)),
    stop: (id: string): Promise<void> => ask(() => jobs.cancel(id)),
    hasChoice: (kind: JobKind): boolean => discard[kind] !== undefined,
    /** Stops it and takes back what it has made. */
    discard: (id: string, kind: JobKind): Promise<void> => ask(async () => discard[kind]?.(id)),
    dismiss: (id: string): Promise<void> => ask(() => jobs.dismiss(id)),
    clearFinished: (): Promise<void> => each(inState('done', 'cancelled'), jobs.dismiss),
    pauseAll: (): Promise<void> => each(inState('running', 'queued'), jobs.pause),
    resumeAll: (): Promise<void> => each(inState('paused'), jobs.resume),
    dismissError(): void {
      const { error: _, ...rest } = store.getState();
      store.setState(rest, true);
    },
    dispose(): void {
      unsubscribe();
      clearTimeout(timer);
      clearTimeout(soon);
    },
  };
}
