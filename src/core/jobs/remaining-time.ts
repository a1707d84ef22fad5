import type { Progress } from '#shared/call.ts';

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

export interface ProgressMeter {
  /** Notes a progress event; a new phase or label starts the measurement anew. */
  note(progress: Progress, atMs: number): void;
  /** Units a second over the last ten seconds; undefined until it is credible. */
  rate(): number | undefined;
  remainingMs(): number | undefined;
}

const WINDOW_MS = 10_000;
const CREDIBLE_AFTER_MS = 1500;

/** Speed and remaining time of one progress, from a sliding window: shown only when there is something to go by. */
export function createProgressMeter(): ProgressMeter {
  let samples: Sample[] = [];
  let last: Progress | undefined;

  function rate(): number | undefined {
    const first = samples[0];
    const latest = samples.at(-1);
    if (first === undefined || latest === undefined) return undefined;
    const spanMs = latest.atMs - first.atMs;
    const done = latest.done - first.done;
    return spanMs < CREDIBLE_AFTER_MS || done <= 0 ? undefined : (done / spanMs) * 1000;
  }

  return {
    note(progress, atMs) {
      if (last?.phase !== progress.phase || last.label !== progress.label) samples = [];
      last = progress;
      // A standstill is one sample that grows older, so that the rate falls and then is not known.
      if (samples.at(-1)?.done === progress.done && samples.at(-2)?.done === progress.done) samples.pop();
      samples.push({ atMs, done: progress.done });
      while (samples.length > 2 && atMs - (samples[0]?.atMs ?? atMs) > WINDOW_MS) samples.shift();
    },
    rate,
    remainingMs() {
      const perSecond = rate();
      if (perSecond === undefined || last?.total === undefined) return undefined;
      return (Math.max(0, last.total - last.done) / perSecond) * 1000;
    },
  };
}
