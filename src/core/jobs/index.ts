export { createJobRunner, type JobContext, type JobRunner, type RunJob } from './job-runner.ts';
export { createProgressMeter, type ProgressMeter } from './remaining-time.ts';
