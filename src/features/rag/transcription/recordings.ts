import type { JobRecord } from '#core/ports/job-records.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';

/** A recording that nobody has written down yet. */
export function canTranscribe({ status, error }: DocumentRecord): boolean {
  return status === 'failed' && error?.details?.canTranscribe === true;
}

export function isBeingWritten({ id }: DocumentRecord, jobs: readonly JobRecord[]): boolean {
  return jobs.some(
    ({ kind, state, input }) =>
      kind === 'transcribe' &&
      /^(?:queued|running|paused)$/.test(state) &&
      (input as { readonly documentIds?: readonly string[] }).documentIds?.includes(id),
  );
}
