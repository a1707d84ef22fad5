export { ActivityBar } from './activity-bar.tsx';
export { jobsCommands } from './jobs-commands.ts';
export { createJobsController, type JobsController, type JobsDependencies } from './jobs-controller.ts';
