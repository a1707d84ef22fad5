import type { Progress } from '#shared/call.ts';

/** The next progress of a job: within one phase of one thing it never goes backwards. */
export function mergeProgress(before: Progress | undefined, event: Progress): Progress {
  const isSame = before !== undefined && before.phase === event.phase && before.label === event.label;
  return isSame ? { ...event, done: Math.max(before.done, event.done) } : event;
}
