export type { JobContext, RunJob } from './job-execution.ts';
export { createJobRunner, type JobRunner, type JobRunnerOptions } from './job-runner.ts';
export { createProgressMeter, type ProgressMeter } from './remaining-time.ts';
