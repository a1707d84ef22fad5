import type { Command } from '#shared/command.ts';
import type { JobsController } from './jobs-controller.ts';

/** What can be done with jobs from anywhere. `show` opens the tray. */
export function jobsCommands(
  controller: JobsController,
  show: () => void = controller.openTray,
): readonly Command[] {
  const has = (...states: readonly string[]): boolean =>
    controller.store.getState().jobs.some(({ job }) => states.includes(job.state));
  return [
    { id: 'jobs.show', label: 'Show jobs', group: 'View', keys: 'mod+j', perform: show },
    {
      id: 'jobs.pause-all',
      label: 'Pause all jobs',
      group: 'Jobs',
      isAvailable: () => has('running', 'queued'),
      perform: controller.pauseAll,
    },
    {
      id: 'jobs.resume-all',
      label: 'Go on with paused jobs',
      group: 'Jobs',
      isAvailable: () => has('paused'),
      perform: controller.resumeAll,
    },
    {
      id: 'jobs.clear-finished',
      label: 'Clear finished jobs',
      group: 'Jobs',
      isAvailable: () => has('done', 'cancelled'),
      perform: controller.clearFinished,
    },
  ];
}
