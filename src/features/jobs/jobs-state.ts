import type { JobRecord } from '#core/ports/job-records.ts';
import type { WireError } from '#shared/errors.ts';

export interface JobView {
  readonly job: JobRecord;
  /** Units a second; absent until it is credible. */
  readonly rate?: number;
  /** Absent until it is credible. */
  readonly remainingMs?: number;
}

export interface JobsState {
  /** Those that go on, wait or failed first, then those that are over; each newest first. */
  readonly jobs: readonly JobView[];
  readonly isTrayOpen: boolean;
  /** Said once to screen readers: that a job has started, ended or failed. */
  readonly announcement: string;
  /** What was asked of a job could not be done. */
  readonly error?: WireError;
}

export const isOver = ({ state }: JobRecord): boolean => state === 'done' || state === 'cancelled';
export const isActive = ({ state }: JobRecord): boolean => state === 'running' || state === 'queued';
