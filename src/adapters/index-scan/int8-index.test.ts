import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeVectorIndex } from '#core/ports/vector-index.conformance.ts';
import { createKeySet } from '#shared/key-set.ts';
import { createExactIndex, createInt8Index } from './index.ts';

describeVectorIndex('index-scan, int8', (dimension, readVectors) =>
  createInt8Index(dimension, { readVectors }),
);

/** Unit vectors of a seeded generator. */
function unitVectors(count: number, dimension: number, seed: number): Float32Array {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 + 1e-9;
  };
  const vectors = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const one = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (let i = 0; i < dimension; i++)
      one[i] = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const length = Math.hypot(...one);
    for (let i = 0; i < dimension; i++) one[i] = (one[i] ?? 0) / length;
  }
  return vectors;
}

const keysTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('the int8 index', () => {
  test.each([1, 16, 17, 384, 1024, 3072])(
    'scores of codes are near the exact ones in %i dimensions',
    async (dimension) => {
      const vectors = unitVectors(300, dimension, 7);
      const index = createInt8Index(dimension);
      const exact = createExactIndex(dimension);
      index.add(keysTo(300), vectors);
      exact.add(keysTo(300), vectors);
      const query = unitVectors(1, dimension, 8);
      const expected = new Map((await exact.search(query, 300)).map(({ key, score }) => [key, score]));
      const hits = await index.search(query, 300);
      expect(hits).toHaveLength(300);
      // Half a step of the codes in the worst case of one dimension, far less where many errors cancel.
      for (const { key, score } of hits)
        expect(Math.abs(score - (expected.get(key) ?? 9))).toBeLessThan(0.005);
    },
  );

  test('takes a quarter of the memory, and finds what an exact search finds', async () => {
    const [dimension, count] = [384, 6000];
    const vectors = unitVectors(count, dimension, 1);
    const row = (key: number): Float32Array => vectors.subarray(key * dimension, (key + 1) * dimension);
    const index = createInt8Index(dimension, { readVectors: async (keys) => keys.map(row) });
    const exact = createExactIndex(dimension);
    index.add(keysTo(count), vectors);
    exact.add(keysTo(count), vectors);
    expect(index.bytes / vectors.byteLength).toBeLessThan(0.275);
    let found = 0;
    for (let i = 0; i < 20; i++) {
      const query = unitVectors(1, dimension, 100 + i);
      const expected = (await exact.search(query, 10)).map(({ key }) => key);
      const hits = await index.search(query, 10);
      found += hits.filter(({ key }) => expected.includes(key)).length;
    }
    expect(found / 200).toBeGreaterThanOrEqual(0.99);
  });

  test('what all vectors share costs no precision', async () => {
    const dimension = 64;
    const own = unitVectors(500, dimension, 21);
    const shared = unitVectors(1, dimension, 22);
    const vectors = new Float32Array(own.length);
    for (let row = 0; row < 500; row++) {
      const one = vectors.subarray(row * dimension, (row + 1) * dimension);
      for (let i = 0; i < dimension; i++) one[i] = (shared[i] ?? 0) + 0.2 * (own[row * dimension + i] ?? 0);
      const length = Math.hypot(...one);
      for (let i = 0; i < dimension; i++) one[i] = (one[i] ?? 0) / length;
    }
    const query = vectors.slice(0, dimension);
    const exact = createExactIndex(dimension);
    exact.add(keysTo(500), vectors);
    const expected = new Map((await exact.search(query, 500)).map(({ key, score }) => [key, score]));
    async function worst(batch: number, isMeant: (key: number) => boolean): Promise<number> {
      const index = createInt8Index(dimension);
      for (let from = 0; from < 500; from += batch)
        index.add(
          keysTo(500).slice(from, from + batch),
          vectors.subarray(from * dimension, (from + batch) * dimension),
        );
      const errors = (await index.search(query, 500))
        .filter(({ key }) => isMeant(key))
        .map(({ key, score }) => Math.abs(score - (expected.get(key) ?? 9)));
      expect(errors.length).toBeGreaterThan(0);
      return Math.max(...errors);
    }
    // Codes of whole vectors would be off by up to 0.0025.
    expect(await worst(250, () => true)).toBeLessThan(0.0005);
    // One by one the first have no center yet: they keep the error that they had.
    expect(await worst(1, (key) => key >= 64)).toBeLessThan(0.0005);
    expect(await worst(1, (key) => key < 64)).toBeLessThan(0.004);
  });

  test('what was saved opens as it was, also after changes, and goes on', async () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 999 }), fc.boolean()), { maxLength: 700 });
    await fc.assert(
      fc.asyncProperty(rows, async (changes) => {
        const vectors = unitVectors(1000, 5, 3);
        const index = createInt8Index(5);
        const held = new Set<number>();
        for (const [key, isAdded] of changes) {
          if (isAdded) index.add([key], vectors.subarray(key * 5, key * 5 + 5));
          else index.remove([key]);
          if (isAdded) held.add(key);
          else held.delete(key);
        }
        const opened = createInt8Index(5, { saved: index.save?.() ?? new Uint8Array() });
        const query = unitVectors(1, 5, 4);
        const hits = await opened.search(query, 1000);
        expect(hits).toEqual(await index.search(query, 1000));
        expect(new Set(hits.map(({ key }) => key))).toEqual(held);
        opened.remove([...held]);
        expect(opened.size).toBe(0);
        opened.add([5], vectors.subarray(0, 5));
        expect((await opened.search(query, 9)).map(({ key }) => key)).toEqual([5]);
      }),
      { numRuns: 30 },
    );
  });

  test('a stored index that is cut, of another dimension or no index at all is refused', () => {
    const index = createInt8Index(4);
    index.add([1], Float32Array.of(1, 0, 0, 0));
    const saved = index.save?.() ?? new Uint8Array();
    const corrupt = expect.objectContaining({ code: 'storage/corrupt' });
    expect(() => createInt8Index(4, { saved: saved.subarray(0, saved.length - 1) })).toThrow(corrupt);
    expect(() => createInt8Index(4, { saved: saved.subarray(0, 3) })).toThrow(corrupt);
    expect(() => createInt8Index(5, { saved })).toThrow(corrupt);
    expect(() => createInt8Index(4, { saved: new Uint8Array(saved.length) })).toThrow(corrupt);
    expect(createInt8Index(4, { saved }).size).toBe(1);
  });

  test('gives memory back when most of it is removed', async () => {
    const vectors = unitVectors(6000, 64, 5);
    const index = createInt8Index(64);
    index.add(keysTo(6000), vectors);
    const full = index.bytes;
    index.remove(keysTo(6000).slice(100));
    expect(index.bytes).toBeLessThan(full / 2);
    const query = vectors.slice(64 * 42, 64 * 43);
    expect((await index.search(query, 1))[0]?.key).toBe(42);
    expect(index.size).toBe(100);
  });

  test('of more equal vectors than are looked at twice, the lowest keys come first', async () => {
    const index = createInt8Index(2);
    const keys = keysTo(3000).reverse();
    index.add(keys, Float32Array.from(keys.flatMap(() => [0.6, 0.8])));
    expect((await index.search(Float32Array.of(0.6, 0.8), 10)).map(({ key }) => key)).toEqual(keysTo(10));
  });

  test('a filter holds over many blocks', async () => {
    const vectors = unitVectors(2000, 16, 9);
    const index = createInt8Index(16);
    index.add(keysTo(2000), vectors);
    const wanted = keysTo(2000).filter((key) => key % 97 === 3 || (key > 700 && key < 710));
    const hits = await index.search(vectors.slice(0, 16), 2000, createKeySet(wanted));
    expect(hits.map(({ key }) => key).sort((a, b) => a - b)).toEqual(wanted);
  });

  test('a row that storage has no more is not a hit', async () => {
    const index = createInt8Index(2, { readVectors: async (keys) => keys.map(() => undefined) });
    index.add([1], Float32Array.of(1, 0));
    expect(await index.search(Float32Array.of(1, 0), 5)).toEqual([]);
  });
});
