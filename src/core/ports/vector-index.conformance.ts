import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VectorHit, VectorIndex } from './vector-index.ts';

const DIMENSION = 7; // no multiple of four: the rest of an unrolled loop is tested too

function normalised(numbers: readonly number[]): number[] {
  const length = Math.hypot(...numbers);
  return numbers.map((number) => Math.fround(number / length));
}

const vector = fc
  .array(fc.integer({ min: -9, max: 9 }), { minLength: DIMENSION, maxLength: DIMENSION })
  .filter((numbers) => numbers.some((number) => number !== 0))
  .map(normalised);

const entries = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 500 }), vector), {
  selector: ([key]) => key,
  maxLength: 60,
});

function fill(index: VectorIndex, rows: readonly (readonly [number, readonly number[]])[]): void {
  index.add(
    rows.map(([key]) => key),
    Float32Array.from(rows.flatMap(([, numbers]) => numbers)),
  );
}

/** Written for clarity, not speed: every score, sorted. */
function naive(
  rows: readonly (readonly [number, readonly number[]])[],
  query: readonly number[],
  limit: number,
): readonly VectorHit[] {
  return rows
    .map(([key, numbers]) => ({ key, score: numbers.reduce((sum, n, i) => sum + n * (query[i] ?? 0), 0) }))
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, limit);
}

function expectSame(hits: readonly VectorHit[], expected: readonly VectorHit[]): void {
  expect(hits.length).toBe(expected.length);
  // Two sums in another order may differ in the last bits, and then equals change places: scores are what counts.
  for (const [i, { score }] of hits.entries()) expect(score).toBeCloseTo(expected[i]?.score ?? Number.NaN, 5);
}

/** What every VectorIndex promises, against a naive search. */
export function describeVectorIndex(name: string, make: (dimension: number) => VectorIndex): void {
  describe(`${name} is a VectorIndex`, () => {
    test('finds exactly what a naive search finds', () => {
      fc.assert(
        fc.property(entries, vector, fc.integer({ min: 1, max: 20 }), (rows, query, limit) => {
          const index = make(DIMENSION);
          fill(index, rows);
          expect(index.size).toBe(rows.length);
          expectSame(index.search(Float32Array.from(query), limit), naive(rows, query, limit));
        }),
      );
    });

    test('what was removed is never found, what stayed always', () => {
      fc.assert(
        fc.property(entries, vector, fc.func(fc.boolean()), (rows, query, isGone) => {
          const index = make(DIMENSION);
          fill(index, rows);
          const gone = rows.map(([key]) => key).filter((key) => isGone(key));
          index.remove(gone);
          index.remove([9999]); // was never there
          const kept = rows.filter(([key]) => !gone.includes(key));
          expect(index.size).toBe(kept.length);
          expectSame(index.search(Float32Array.from(query), 100), naive(kept, query, 100));
        }),
      );
    });

    test('filters inside the search: the limit counts accepted ones only', () => {
      fc.assert(
        fc.property(entries, vector, (rows, query) => {
          const index = make(DIMENSION);
          fill(index, rows);
          const even = rows.filter(([key]) => key % 2 === 0);
          const hits = index.search(Float32Array.from(query), 5, (key) => key % 2 === 0);
          expectSame(hits, naive(even, query, 5));
          expect(hits.every(({ key }) => key % 2 === 0)).toBe(true);
        }),
      );
    });

    test('a key that is added again is replaced', () => {
      const index = make(2);
      index.add([4], Float32Array.of(1, 0));
      index.add([4], Float32Array.of(0, 1));
      expect(index.size).toBe(1);
      expect(index.search(Float32Array.of(0, 1), 3)).toEqual([{ key: 4, score: 1 }]);
    });

    test('equal vectors, more than 33 of them, come in the order of their keys', () => {
      const index = make(2);
      const keys = Array.from({ length: 200 }, (_, i) => 199 - i);
      index.add(keys, Float32Array.from(keys.flatMap(() => [0.6, 0.8])));
      const hits = index.search(Float32Array.of(0.6, 0.8), 50);
      expect(hits.map(({ key }) => key)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    });

    test('broken vectors are refused and change nothing', () => {
      const index = make(2);
      index.add([1], Float32Array.of(1, 0));
      const refused = (act: () => void): void =>
        expect(act).toThrow(expect.objectContaining({ code: 'input/invalid' }));
      refused(() => index.add([2], Float32Array.of(1, 0, 0)));
      refused(() => index.add([2], Float32Array.of(Number.NaN, 0)));
      refused(() => index.add([2, 3], Float32Array.of(1, 0, 0, 0)));
      refused(() => index.search(Float32Array.of(1), 1));
      refused(() => index.search(Float32Array.of(Number.NaN, 1), 1));
      expect(index.size).toBe(1);
      expect(index.search(Float32Array.of(1, 0), 9)).toEqual([{ key: 1, score: 1 }]);
    });
  });
}
