export { ActivityBar } from './activity-bar.tsx';
export { jobsCommands } from './jobs-commands.ts';
export { createJobsController } from './jobs-controller.ts';
