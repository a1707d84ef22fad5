import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { bootstrapInterval, comparePaired, meanOf } from './significance.ts';

const quick = { seed: 7, resamples: 2000 };
const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });

test('the random numbers are those of mulberry32, and even', () => {
  const random = createRandom(1);
  expect([random(), random(), random()].map((value) => Math.round(value * 2 ** 32))).toEqual([
    2693262067, 11749833, 2265367787,
  ]);
  const many = Array.from({ length: 20_000 }, random);
  expect(meanOf(many)).toBeCloseTo(0.5, 1);
  expect(many.filter((value) => value < 0.1).length / many.length).toBeCloseTo(0.1, 1);
});

test('an interval holds its mean, stays within the values, and is the same for the same seed', async () => {
  await fc.assert(
    fc.asyncProperty(scores, async (values) => {
      const { mean, low, high, n } = await bootstrapInterval(values, { seed: 7, resamples: 200 });
      expect(n).toBe(values.length);
      expect(low).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      expect(mean).toBeCloseTo(meanOf(values), 12);
      expect(await bootstrapInterval(values, { seed: 7, resamples: 200 })).toEqual({ mean, low, high, n });
    }),
    { numRuns: 40 },
  );
});

test('the interval of a coin is that of the normal approximation', async () => {
  const coin = Array.from({ length: 400 }, (_, i) => i % 2);
  const { low, high } = await bootstrapInterval(coin, quick);
  const half = 1.96 * Math.sqrt(0.25 / 400);
  expect(low).toBeCloseTo(0.5 - half, 2);
  expect(high).toBeCloseTo(0.5 + half, 2);
  expect(await bootstrapInterval([], quick)).toEqual({ mean: 0, low: 0, high: 0, n: 0 });
  expect(await bootstrapInterval([0.3, 0.3, 0.3], quick)).toMatchObject({ low: 0.3, high: 0.3 });
});

test('five queries all better: chance alone does that in 2 of 32 cases', async () => {
  const a = [0.1, 0.2, 0.3, 0.4, 0.5];
  const test_ = await comparePaired(
    a,
    a.map((value) => value + 0.2),
    { seed: 3, resamples: 20_000 },
  );
  expect(test_.p).toBeCloseTo(2 / 32, 2);
  expect(test_).toMatchObject({ wins: 5, losses: 0, ties: 0 });
  expect(test_.difference.mean).toBeCloseTo(0.2, 12);
});

test('the same against the same is no difference; one against the other is the other way round', async () => {
  await fc.assert(
    fc.asyncProperty(scores, fc.nat(), async (a, seed) => {
      const random = createRandom(seed);
      const b = a.map(() => random());
      expect(await comparePaired(a, a, { seed, resamples: 50 })).toMatchObject({ p: 1, ties: a.length });
      const there = await comparePaired(a, b, { seed, resamples: 200 });
      const back = await comparePaired(b, a, { seed, resamples: 200 });
      expect(back.p).toBe(there.p);
      expect(back.difference.mean).toBeCloseTo(-there.difference.mean, 12);
      expect([back.wins, back.losses]).toEqual([there.losses, there.wins]);
    }),
    { numRuns: 40 },
  );
});

test('lists of different lengths are refused', async () => {
  await expect(comparePaired([1], [1, 2])).rejects.toThrow(/same questions/);
});

test('a large set lets other work in: an abort arrives while it is resampled', async () => {
  const values = Array.from({ length: 3000 }, (_, i) => i % 2);
  const work = [
    (signal: AbortSignal) => bootstrapInterval(values, { seed: 1, resamples: 50_000 }, { signal }),
    (signal: AbortSignal) =>
      comparePaired(values, values.toReversed(), { seed: 1, resamples: 50_000 }, { signal }),
  ];
  for (const resample of work) {
    const abort = new AbortController();
    setTimeout(() => abort.abort());
    await expect(resample(abort.signal)).rejects.toMatchObject({ code: 'abort/by-user' });
  }
});
