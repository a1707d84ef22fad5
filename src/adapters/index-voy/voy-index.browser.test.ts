import { describe, expect, test } from 'vitest';
import { describeVectorIndex } from '#core/ports/vector-index.conformance.ts';
import { createKeySet } from '#shared/key-set.ts';
import { createVoyIndex } from './index.ts';

describeVectorIndex('index-voy', createVoyIndex);

/** Quantized to few steps, as an 8-bit embedder gives them: many rows share numbers on every axis. */
function coarseVectors(count: number, dimension: number): Float32Array {
  const vectors = new Float32Array(count * dimension);
  let state = 11;
  for (let row = 0; row < count; row++) {
    const one = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (let i = 0; i < dimension; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      one[i] = (state >>> 28) % 3 === 0 ? ((state >>> 20) % 8) - 4 : 0;
    }
    const length = Math.hypot(...one) || 1;
    for (let i = 0; i < dimension; i++) one[i] = (one[i] ?? 0) / length;
    if (one.every((number) => number === 0)) one[0] = 1;
  }
  return vectors;
}

describe('index-voy, through its tree', () => {
  const [dimension, count] = [48, 1500];
  const vectors = coarseVectors(count, dimension);
  const keys = Array.from({ length: count }, (_, i) => i);
  const row = (key: number): Float32Array => vectors.slice(key * dimension, (key + 1) * dimension);

  function exact(query: Float32Array, held: readonly number[]): number[] {
    const scores = held.map((key) => ({
      key,
      score: row(key).reduce((sum, number, i) => sum + number * (query[i] ?? 0), 0),
    }));
    return scores
      .sort((a, b) => b.score - a.score || a.key - b.key)
      .slice(0, 10)
      .map(({ key }) => key);
  }

  test('numbers that many rows share, zeros and equal rows do not break it', async () => {
    const index = await createVoyIndex(dimension);
    index.add(keys, vectors);
    index.add(
      Array.from({ length: 100 }, (_, i) => count + i),
      Float32Array.from(Array.from({ length: 100 }, () => [...row(3)]).flat()),
    );
    let found = 0;
    for (let i = 0; i < 40; i++) {
      const wanted = exact(row(i * 31), keys);
      const hits = (await index.search(row(i * 31), 150)).filter(({ key }) => key < count).slice(0, 10);
      found += hits.filter(({ key }) => wanted.includes(key)).length;
    }
    expect(found / 400).toBeGreaterThanOrEqual(0.97);
    const copies = await index.search(row(3), 101);
    expect(copies.filter(({ key }) => key >= count)).toHaveLength(100);
  });

  test('rows come and go after the tree was built, and a filter asks it for more', async () => {
    const index = await createVoyIndex(dimension);
    index.add(keys.slice(0, 1000), vectors.slice(0, 1000 * dimension));
    await index.search(row(0), 1);
    index.add(keys.slice(1000), vectors.slice(1000 * dimension));
    expect((await index.search(row(1200), 1))[0]?.score).toBeCloseTo(1, 5);
    index.remove(keys.filter((key) => key % 5 !== 0));
    const held = keys.filter((key) => key % 5 === 0);
    expect(index.size).toBe(held.length);
    const accepted = held.filter((key) => key % 3 === 0);
    const hits = await index.search(row(15), 10, createKeySet(accepted));
    expect(hits.map(({ key }) => key)).toEqual(exact(row(15), accepted));
  });

  test('more dimensions than voy looks at are refused', async () => {
    await expect(createVoyIndex(769)).rejects.toMatchObject({ code: 'input/unsupported' });
  });
});
