export type { RunJob } from './job-execution.ts';
export { createJobRunner, type JobRunner } from './job-runner.ts';
export { createProgressMeter, type ProgressMeter } from './remaining-time.ts';
