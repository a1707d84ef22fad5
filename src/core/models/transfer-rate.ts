export interface TransferRate {
  /** Over the last seconds; absent until it is credible. */
  readonly bytesPerSecond?: number;
  /** Absent while the rate or the total is unknown. */
  readonly remainingMs?: number;
}

export interface TransferMeter {
  /** `done` in bytes, at a time in milliseconds. A step back (a new phase, a restart) begins anew. */
  add(done: number, total: number | undefined, atMs: number): TransferRate;
}

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** Speed and remaining time of a transfer from its progress: a sliding window, silent for its first seconds. */
export function createTransferMeter({ windowMs = 8000, credibleAfterMs = 1500 } = {}): TransferMeter {
  let samples: Sample[] = [];
  return {
    add(done, total, atMs) {
      const last = samples.at(-1);
      if (last && (done < last.done || atMs < last.atMs)) samples = [];
      samples.push({ atMs, done });
      const oldestMs = atMs - windowMs;
      while (samples.length > 2 && (samples[1]?.atMs ?? atMs) <= oldestMs) samples.shift();
      const first = samples[0];
      if (!first || atMs - first.atMs < credibleAfterMs) return {};
      const bytesPerSecond = ((done - first.done) * 1000) / (atMs - first.atMs);
      if (total === undefined || bytesPerSecond <= 0) return { bytesPerSecond };
      return { bytesPerSecond, remainingMs: ((total - done) * 1000) / bytesPerSecond };
    },
  };
}
