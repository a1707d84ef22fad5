export { ActivityBar } from './activity-bar.tsx';
export { JobBar } from './components/job-bar.tsx';
export { StopIngestDialog } from './components/stop-ingest-dialog.tsx';
export { jobsCommands } from './jobs-commands.ts';
export { createJobsController } from './jobs-controller.ts';
