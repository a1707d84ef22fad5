import { createBreather } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { createRandom } from './random.ts';

export interface Resampling {
  /** The same seed gives the same figures. */
  readonly seed: number;
  readonly resamples: number;
}

export const RESAMPLING: Resampling = { seed: 20_260_101, resamples: 10_000 };

/** A mean over queries, with the interval that holds it in 95 of 100 resamplings. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Queries. */
  readonly n: number;
}

const LEVEL = 0.95;

export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below which a share of sorted values lies, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * Percentile bootstrap (Efron, 1979) of the mean: queries are drawn with replacement. Time O(n × resamples).
 * No values = an interval at 0 with n 0. Lets other work in, and stops with abort/by-user.
 */
export async function bootstrapInterval(
  values: readonly number[],
  { seed, resamples }: Resampling = RESAMPLING,
  { signal }: CallOptions = {},
): Promise<Interval> {
  const n = values.length;
  const mean = meanOf(values);
  if (n === 0 || resamples < 1) return { mean, low: mean, high: mean, n };
  const random = createRandom(seed);
  const breathe = createBreather(signal);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    await breathe();
    let sum = 0;
    for (let j = 0; j < n; j++) sum += values[Math.floor(random() * n)] ?? 0;
    means[i] = sum / n;
  }
  means.sort();
  return { mean, low: quantile(means, (1 - LEVEL) / 2), high: quantile(means, (1 + LEVEL) / 2), n };
}

export interface PairedTest {
  /** Mean of b − a over the queries, with its bootstrap interval. */
  readonly difference: Interval;
  /** Two-sided: how often chance alone makes a difference at least as large. Never 0. */
  readonly p: number;
  /** Queries on which b is better, worse, the same. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
}

/** Below this a difference is rounding, not an answer. */
const SAME = 1e-12;

/**
 * Fisher's randomization test for pairs, which Smucker, Allan and Carterette (CIKM 2007) advise for retrieval: if both
 * settings are equal, the sign of each query's difference is a coin. p = (1 + extreme) / (1 + resamples).
 * Errors: input/invalid (lists of different lengths), abort/by-user.
 */
export async function comparePaired(
  a: readonly number[],
  b: readonly number[],
  { seed, resamples }: Resampling = RESAMPLING,
  options: CallOptions = {},
): Promise<PairedTest> {
  if (a.length !== b.length)
    throw new AppError('input/invalid', 'Only results of the same questions can be compared.', {
      details: { a: a.length, b: b.length },
    });
  const differences = b.map((value, i) => value - (a[i] ?? 0));
  const moved = differences.filter((difference) => Math.abs(difference) > SAME);
  const observed = Math.abs(moved.reduce((sum, difference) => sum + difference, 0));
  const random = createRandom(seed);
  const breathe = createBreather(options.signal);
  let extreme = 0;
  for (let i = 0; i < resamples; i++) {
    await breathe();
    let sum = 0;
    for (const difference of moved) sum += random() < 0.5 ? difference : -difference;
    if (Math.abs(sum) >= observed - SAME) extreme += 1;
  }
  const wins = moved.filter((difference) => difference > 0).length;
  return {
    difference: await bootstrapInterval(differences, { seed, resamples }, options),
    p: (1 + extreme) / (1 + resamples),
    wins,
    losses: moved.length - wins,
    ties: differences.length - moved.length,
  };
}
