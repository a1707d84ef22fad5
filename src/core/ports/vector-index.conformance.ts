import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeySet } from '#shared/key-set.ts';
import type { ReadVectors, VectorHit, VectorIndex } from './vector-index.ts';

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

/** An index, and beside it the originals as storage has them. */
interface Subject {
  readonly index: VectorIndex;
  readonly add: (keys: readonly number[], vectors: Float32Array) => void;
}

/** What every VectorIndex promises, against a naive search. */
export function describeVectorIndex(
  name: string,
  make: (dimension: number, readVectors: ReadVectors) => VectorIndex | Promise<VectorIndex>,
): void {
  async function subject(dimension: number): Promise<Subject> {
    const stored = new Map<number, Float32Array>();
    const index = await make(dimension, async (keys) => keys.map((key) => stored.get(key)));
    return {
      index,
      add(keys, vectors) {
        index.add(keys, vectors);
        for (const [i, key] of keys.entries())
          stored.set(key, vectors.slice(i * dimension, (i + 1) * dimension));
      },
    };
  }

  async function filled(rows: readonly (readonly [number, readonly number[]])[]): Promise<VectorIndex> {
    const { index, add } = await subject(DIMENSION);
    add(
      rows.map(([key]) => key),
      Float32Array.from(rows.flatMap(([, numbers]) => numbers)),
    );
    return index;
  }

  describe(`${name} is a VectorIndex`, () => {
    test('finds exactly what a naive search finds', async () => {
      await fc.assert(
        fc.asyncProperty(entries, vector, fc.integer({ min: 1, max: 20 }), async (rows, query, limit) => {
          const index = await filled(rows);
          expect(index.size).toBe(rows.length);
          expectSame(await index.search(Float32Array.from(query), limit), naive(rows, query, limit));
        }),
      );
    });

    test('what was removed is never found, what stayed always', async () => {
      await fc.assert(
        fc.asyncProperty(entries, vector, fc.func(fc.boolean()), async (rows, query, isGone) => {
          const index = await filled(rows);
          const gone = rows.map(([key]) => key).filter((key) => isGone(key));
          index.remove(gone);
          index.remove([9999]); // was never there
          const kept = rows.filter(([key]) => !gone.includes(key));
          expect(index.size).toBe(kept.length);
          const hits = await index.search(Float32Array.from(query), 100);
          expectSame(hits, naive(kept, query, 100));
          expect(hits.map(({ key }) => key).sort()).toEqual(kept.map(([key]) => key).sort());
        }),
      );
    });

    test('filters inside the search: the limit counts accepted ones only', async () => {
      await fc.assert(
        fc.asyncProperty(entries, vector, async (rows, query) => {
          const index = await filled(rows);
          const even = rows.filter(([key]) => key % 2 === 0);
          const accepts = createKeySet(even.map(([key]) => key));
          const hits = await index.search(Float32Array.from(query), 5, accepts);
          expectSame(hits, naive(even, query, 5));
          expect(hits.every(({ key }) => key % 2 === 0)).toBe(true);
          // The same filter over other rows: nothing of the first search may be left.
          const [first] = even;
          if (first === undefined) return;
          index.remove([first[0]]);
          expectSame(
            await index.search(Float32Array.from(query), 5, accepts),
            naive(even.slice(1), query, 5),
          );
        }),
      );
    });

    test('a filter that accepts nothing finds nothing', async () => {
      const { index, add } = await subject(2);
      add([4], Float32Array.of(1, 0));
      expect(await index.search(Float32Array.of(1, 0), 3, createKeySet([]))).toEqual([]);
    });

    test('a key that is added again is replaced', async () => {
      const { index, add } = await subject(2);
      add([4], Float32Array.of(1, 0));
      add([4], Float32Array.of(0, 1));
      expect(index.size).toBe(1);
      expect(await index.search(Float32Array.of(0, 1), 3)).toEqual([{ key: 4, score: 1 }]);
    });

    test('equal vectors, more than 33 of them, come in the order of their keys', async () => {
      const { index, add } = await subject(2);
      const keys = Array.from({ length: 200 }, (_, i) => 199 - i);
      add(keys, Float32Array.from(keys.flatMap(() => [0.6, 0.8])));
      const hits = await index.search(Float32Array.of(0.6, 0.8), 50);
      expect(hits.map(({ key }) => key)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    });

    test('broken vectors are refused and change nothing', async () => {
      const { index, add } = await subject(2);
      add([1], Float32Array.of(1, 0));
      const invalid = expect.objectContaining({ code: 'input/invalid' });
      const refused = (act: () => void): void => expect(act).toThrow(invalid);
      refused(() => index.add([2], Float32Array.of(1, 0, 0)));
      refused(() => index.add([2], Float32Array.of(Number.NaN, 0)));
      refused(() => index.add([2], Float32Array.of(0, 0)));
      refused(() => index.add([2, 3], Float32Array.of(1, 0, 0, 0)));
      refused(() => index.add([-1], Float32Array.of(1, 0)));
      refused(() => index.add([0.5], Float32Array.of(1, 0)));
      await expect(index.search(Float32Array.of(1), 1)).rejects.toEqual(invalid);
      await expect(index.search(Float32Array.of(Number.NaN, 1), 1)).rejects.toEqual(invalid);
      await expect(index.search(Float32Array.of(0, 0), 1)).rejects.toEqual(invalid);
      expect(index.size).toBe(1);
      expect(await index.search(Float32Array.of(1, 0), 9)).toEqual([{ key: 1, score: 1 }]);
    });
  });
}
