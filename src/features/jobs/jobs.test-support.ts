import { createJobRunner } from '#core/jobs/index.ts';
import { createTabs } from '#core/jobs/tabs.test-support.ts';
import type { Progress } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import { createJobsController } from './jobs-controller.ts';

/** One step of a job that is led by hand: it reports progress, fails, or ends. */
export type Step = Progress | AppError | 'end';

/** Real jobs in a real runner over storage that copies rows; each run takes its steps from the test. */
export function makeJobs(now: () => number = Date.now) {
  const storage = createTabs().open('one');
  const runner = createJobRunner({ ...storage, now });
  const waiting = new Map<string, (step: Step) => void>();
  for (const kind of ['model-download', 'model-import', 'ingest'] as const)
    runner.register(kind, async (job, { signal, onProgress }) => {
      for (;;) {
        const step = await new Promise<Step>((resolve, reject) => {
          waiting.set(job.id, resolve);
          signal.addEventListener('abort', () => reject(new AppError('abort/by-user', 'Cancelled')));
        });
        if (step === 'end') return;
        if (step instanceof AppError) throw step;
        onProgress(step);
      }
    });
  const discarded: string[] = [];
  const discard = async (id: string): Promise<void> => {
    await runner.cancel(id);
    discarded.push(id);
  };
  const controller = createJobsController({ jobs: runner, now, discard: { ingest: discard } });
  return {
    runner,
    controller,
    discarded,
    /** Leads a job one step on; waits until it runs. */
    async step(id: string, step: Step): Promise<void> {
      const next = await until(() => waiting.get(id));
      waiting.delete(id);
      next(step);
      await Promise.resolve();
    },
    dispose(): void {
      controller.dispose();
      runner.dispose();
    },
  };
}

export type TestJobs = ReturnType<typeof makeJobs>;

export const bytes = (done: number, total?: number): Progress => ({
  phase: 'download',
  done,
  ...(total === undefined ? {} : { total }),
  unit: 'bytes',
  label: 'SmolLM2',
});
