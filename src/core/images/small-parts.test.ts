import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { createBusyClock } from './ingest-run.ts';
import { bestLabels, labelScores } from './labels.ts';
import { filterKey, passes } from './picture-filter.ts';
import { mapAhead, runAhead } from './run-ahead.ts';

describe('scores of labels', () => {
  const cosines = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });

  test('softmax: shares of one, in the order of the similarities, sharper with a larger scale', () => {
    fc.assert(
      fc.property(cosines, fc.double({ min: 1, max: 200, noNaN: true }), (values, scale) => {
        const scores = labelScores(values, { scale, bias: 3, kind: 'softmax' });
        expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 6);
        const best = Math.max(...values);
        expect(scores[values.indexOf(best)]).toBe(Math.max(...scores));
        const sharper = labelScores(values, { scale: scale * 2, bias: 3, kind: 'softmax' });
        expect(Math.max(...sharper)).toBeGreaterThanOrEqual(Math.max(...scores) - 1e-9);
      }),
    );
  });

  test('sigmoid: each by itself', () => {
    const scores = labelScores([0.2, 0.1, -0.5], { scale: 100, bias: -10, kind: 'sigmoid' });
    expect(scores[0]).toBeCloseTo(1, 3);
    expect(scores[1]).toBeCloseTo(0.5, 6);
    expect(scores[2]).toBeCloseTo(0, 6);
  });

  test('the best of them', () => {
    expect(bestLabels(['a', 'b', 'c'], [0.1, 0.6, 0.3], 2)).toEqual([
      { label: 'b', score: 0.6 },
      { label: 'c', score: 0.3 },
    ]);
  });
});

test('a filter with nothing in it passes all; a picture of unknown size has no side', () => {
  const picture: ImageRecord = {
    id: 'a',
    name: '/trip/day 1/a.jpg',
    mediaType: 'image/jpeg',
    sizeBytes: 1,
    addedAt: 10,
    status: 'ready',
    tags: [],
  };
  expect(passes(picture, {})).toBe(true);
  expect(passes(picture, { minSide: 1 })).toBe(false);
  expect(passes(picture, { folder: 'trip' })).toBe(true);
  expect(passes(picture, { folder: '/trip/day 1/' })).toBe(true);
  expect(passes(picture, { folder: 'tri' })).toBe(false);
  expect(passes(picture, { folder: '' })).toBe(true);
  expect(passes(picture, { from: 10, before: 11 })).toBe(true);
  expect(passes({ ...picture, takenAt: 3 }, { from: 10 })).toBe(false);
  expect(filterKey({ tag: 'a', folder: 'b' })).toBe(filterKey({ folder: 'b', tag: 'a' }));
  expect(filterKey({ tag: 'a' })).not.toBe(filterKey({ folder: 'a' }));
});

describe('reading ahead', () => {
  async function* counting(to: number, made: number[]): AsyncGenerator<number, void, void> {
    for (let i = 0; i < to; i++) {
      made.push(i);
      yield i;
    }
  }
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };

  test('keeps the order and the bound, whatever the sizes', async () => {
    const sizes = [fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 6 })] as const;
    await fc.assert(
      fc.asyncProperty(...sizes, async (count, depth) => {
        const made: number[] = [];
        const seen: number[] = [];
        for await (const value of runAhead(counting(count, made), depth)) {
          seen.push(value);
          await turns();
          expect(made.length).toBe(Math.min(count, seen.length + depth));
        }
        expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  test('maps in order, so many at once', async () => {
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    const map = async (value: number): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      await turns();
      running -= 1;
      return value * 2;
    };
    for await (const value of mapAhead(counting(9, []), 3, map)) seen.push(value);
    expect(seen).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16]);
    expect(most).toBe(3);
  });

  test('what is thrown comes in its turn', async () => {
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      const map = async (value: number) => {
        if (value === 2) throw new Error('two');
        return value;
      };
      for await (const value of runAhead(mapAhead(counting(9, []), 3, map), 2)) seen.push(value);
    };
    await expect(read()).rejects.toThrow('two');
    expect(seen).toEqual([0, 1]);
  });
});

test('the busy share is the time at work between the first and the last call', async () => {
  let now = 100;
  const clock = createBusyClock(() => now);
  expect(clock.share()).toBeUndefined();
  const work = (ms: number) =>
    clock.during(async () => {
      now += ms;
    });
  await work(30);
  now += 10;
  await work(20);
  now += 40;
  await work(0);
  expect(clock.share()).toBeCloseTo(0.5, 9);
});
