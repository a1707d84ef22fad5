export { ActivityBar } from './activity-bar.tsx';
export { JobBar } from './components/job-bar.tsx';
export { jobsCommands } from './jobs-commands.ts';
export { createJobsController } from './jobs-controller.ts';
