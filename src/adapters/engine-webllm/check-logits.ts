import type { Pipeline } from './library-internals.ts';
import type { PrefixCache } from './prefix-cache.ts';

/** Of 16-bit kernels that split the same prompt differently; a broken kernel is far beyond. */
const LARGEST_NOISE = 0.05;
const PROBE = 'The sun rises in the east and sets in the west, and the moon';

/**
 * GPU errors are only logged and garbage looks like an answer: true where no model's logits could look like this (not a
 * number, or all the same).
 */
export function isGarbage(logits: ArrayLike<number>): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) {
    const value = logits[i] ?? Number.NaN;
    if (!Number.isFinite(value)) return true;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return !(most > least);
}

/** Relative distance of two logit vectors, each about its mean: 0 = the same, about 1.4 = nothing in common. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] ?? 0) - meanA;
    difference += (x - ((b[i] ?? 0) - meanB)) ** 2;
    size += x ** 2;
  }
  return size === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(difference / size);
}

/** True if a prompt that stands on a cached beginning gives other logits than the same prompt computed whole. */
export const differs = (fresh: ArrayLike<number>, reused: ArrayLike<number>): boolean =>
  !(distance(fresh, reused) <= LARGEST_NOISE);

export interface KernelCheck {
  readonly isGarbage: boolean;
  readonly reuseDiffers: boolean;
}

/** Computes a few tokens whole, then again on half of them from the cache. A known race in TVM's stock kernel shows here. */
export async function checkKernels(pipeline: Pipeline, cache: PrefixCache): Promise<KernelCheck> {
  const tokens = [...pipeline.tokenizer.encode(PROBE)];
  const half = tokens.length >> 1;
  cache.drop();
  const fresh = await cache.forward(tokens);
  cache.keep(half);
  const kept = pipeline.filledKVCacheLength; // 0 where the cache cannot be cut back
  const reused = await cache.forward(tokens.slice(kept));
  cache.drop();
  return { isGarbage: isGarbage(fresh), reuseDiffers: differs(fresh, reused) };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}
