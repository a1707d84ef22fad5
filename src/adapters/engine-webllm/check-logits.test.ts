import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkKernels, differs, distance, isGarbage } from './check-logits.ts';
import type { Pipeline } from './library-internals.ts';
import type { PrefixCache } from './prefix-cache.ts';

const logits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 64, maxLength: 64 });
const spread = (values: readonly number[]): boolean => Math.max(...values) - Math.min(...values) > 1;

describe('garbage', () => {
  it('is what no model computes', () => {
    expect(isGarbage([1, Number.NaN, 2])).toBe(true);
    expect(isGarbage([1, Number.NEGATIVE_INFINITY, 2])).toBe(true);
    expect(isGarbage([0, 0, 0])).toBe(true);
    expect(isGarbage([])).toBe(true);
    expect(isGarbage([0, 0, 0.1])).toBe(false);
  });
});

describe('distance', () => {
  it('is nothing for rounding, and does not see an equal shift', () => {
    fc.assert(
      fc.property(logits.filter(spread), (values) => {
        expect(distance(values, values)).toBe(0);
        expect(
          differs(
            values,
            values.map((x, i) => x + 7 + (i % 2) * 1e-4),
          ),
        ).toBe(false);
      }),
    );
  });

  it('is large for other logits, and for none', () => {
    const ramp = Array.from({ length: 64 }, (_, i) => i);
    expect(differs(ramp, ramp.toReversed())).toBe(true);
    expect(
      differs(
        ramp,
        ramp.map((x, i) => (i % 8 === 0 ? 0 : x)),
      ),
    ).toBe(true);
    expect(
      differs(
        ramp,
        ramp.map(() => Number.NaN),
      ),
    ).toBe(true);
  });
});

/** A toy network whose state is the sum of its tokens; a racy one forgets a part of what is cached. */
function toy(isRacy: boolean): { readonly pipeline: Pipeline; readonly cache: PrefixCache } {
  let cached: number[] = [];
  const pipeline = {
    tokenizer: { encode: (text: string) => Int32Array.from([...text].map((c) => c.charCodeAt(0))) },
    get filledKVCacheLength() {
      return cached.length;
    },
  } as unknown as Pipeline;
  const cache = {
    async forward(tokens: readonly number[]) {
      const past = isRacy ? cached.slice(0, cached.length >> 1) : cached;
      cached = [...cached, ...tokens];
      const state = [...past, ...tokens].reduce((sum, token) => sum + token, 0);
      return Float32Array.from({ length: 32 }, (_, i) => Math.sin(state * (i + 1)));
    },
    keep: (count: number) => {
      cached = cached.slice(0, count);
    },
    drop: () => {
      cached = [];
    },
  } as unknown as PrefixCache;
  return { pipeline, cache };
}

describe('kernel check', () => {
  it('passes a sound kernel and leaves the cache empty', async () => {
    const { pipeline, cache } = toy(false);
    expect(await checkKernels(pipeline, cache)).toEqual({ isGarbage: false, reuseDiffers: false });
    expect(pipeline.filledKVCacheLength).toBe(0);
  });

  it('finds a kernel that reads the cache wrongly', async () => {
    const { pipeline, cache } = toy(true);
    expect(await checkKernels(pipeline, cache)).toEqual({ isGarbage: false, reuseDiffers: true });
  });
});
