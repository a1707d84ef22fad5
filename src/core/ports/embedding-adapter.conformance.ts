import { describe, expect, test } from 'vitest';
import type { EmbeddingAdapter } from './embedding-adapter.ts';
import type { Embeddings } from './text-embedder.ts';

/** Rows of length one from a generator that always gives the same numbers. */
function sampleRows(count: number, dimension: number, seed = 1): Embeddings {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const vectors = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const values = Array.from({ length: dimension }, next);
    const norm = Math.hypot(...values);
    vectors.set(
      values.map((value) => value / norm),
      row * dimension,
    );
  }
  return { vectors, dimension, count };
}

/** Every adapter of the port runs this. */
export function describeEmbeddingAdapter(name: string, create: () => Promise<EmbeddingAdapter>): void {
  describe(`${name} as an embedding adapter`, () => {
    test('each row becomes one of its own dimension, of length one', async () => {
      const adapter = await create();
      const adapted = await adapter.apply(sampleRows(7, adapter.inputDimension));
      expect(adapted).toMatchObject({ count: 7, dimension: adapter.outputDimension });
      expect(adapted.vectors).toHaveLength(7 * adapter.outputDimension);
      for (let row = 0; row < 7; row++) {
        const values = adapted.vectors.subarray(row * adapted.dimension, (row + 1) * adapted.dimension);
        expect(Math.hypot(...values)).toBeCloseTo(1, 4);
      }
    });

    test('a row is the same alone and among others, and different rows stay different', async () => {
      const adapter = await create();
      const { inputDimension: wide, outputDimension: dimension } = adapter;
      const rows = sampleRows(5, wide, 2);
      const together = await adapter.apply(rows);
      const seen = new Set<string>();
      for (let row = 0; row < 5; row++) {
        const vectors = rows.vectors.slice(row * wide, (row + 1) * wide);
        const alone = await adapter.apply({ vectors, dimension: wide, count: 1 });
        const among = together.vectors.slice(row * dimension, (row + 1) * dimension);
        for (const [i, value] of among.entries()) expect(alone.vectors[i]).toBeCloseTo(value, 5);
        seen.add(among.join());
      }
      expect(seen.size).toBe(5);
    });

    test('the input stays as it is; no row gives no row', async () => {
      const adapter = await create();
      const rows = sampleRows(3, adapter.inputDimension, 3);
      const before = rows.vectors.slice();
      await adapter.apply(rows);
      expect(rows.vectors).toEqual(before);
      const none = await adapter.apply(sampleRows(0, adapter.inputDimension));
      expect(none).toMatchObject({ count: 0, dimension: adapter.outputDimension });
    });

    test('vectors of another dimension are refused, an abort is heard', async () => {
      const adapter = await create();
      const other = sampleRows(1, adapter.inputDimension + 1);
      await expect(adapter.apply(other)).rejects.toMatchObject({ code: 'input/invalid' });
      const signal = AbortSignal.abort();
      const rows = sampleRows(1, adapter.inputDimension);
      await expect(adapter.apply(rows, { signal })).rejects.toMatchObject({ code: 'abort/by-user' });
    });

    test('the same adapter has the same fingerprint', async () => {
      expect((await create()).fingerprint).toBe((await create()).fingerprint);
    });
  });
}
