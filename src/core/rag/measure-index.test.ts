import { describe, expect, test } from 'vitest';
import type { VectorSegment } from '#core/ports/library-records.ts';
import type { VectorIndex } from '#core/ports/vector-index.ts';
import type { Progress } from '#shared/call.ts';
import { createKeySet } from '#shared/key-set.ts';
import { type MeasuredSpace, measureIndex } from './measure-index.ts';

const COUNT = 600;
/** Unit vectors on an arc: the neighbours of a row are the rows beside it. */
const vectorOf = (key: number): number[] => [Math.cos(key / 500), Math.sin(key / 500)];

/** Plain and exact, but for the keys that it overlooks. */
function indexOver(overlooks: (key: number) => boolean = () => false): VectorIndex {
  return {
    kind: 'exact',
    dimension: 2,
    size: COUNT,
    bytes: COUNT * 8,
    add: () => {},
    remove: () => {},
    async search(query, limit, accepts) {
      const keys = Array.from({ length: COUNT }, (_, key) => key);
      return keys
        .filter((key) => (accepts?.has(key) ?? true) && !overlooks(key))
        .map((key) => {
          const [x = 0, y = 0] = vectorOf(key).map(Math.fround);
          return { key, score: x * (query[0] ?? 0) + y * (query[1] ?? 0) };
        })
        .sort((a, b) => b.score - a.score || a.key - b.key)
        .slice(0, limit);
    },
  };
}

async function* segments(): AsyncGenerator<VectorSegment> {
  for (let segment = 0; segment * 256 < COUNT; segment++) {
    const keys = Array.from({ length: Math.min(256, COUNT - segment * 256) }, (_, i) => segment * 256 + i);
    yield {
      spaceId: 's',
      segment,
      documentIds: keys.map((key) => (key === 5 ? '' : 'd')),
      ordinals: keys,
      vectors: Float32Array.from(keys.flatMap(vectorOf)),
    };
  }
}

const space = (index: VectorIndex, more: Partial<MeasuredSpace> = {}): MeasuredSpace => ({
  library: { segments },
  spaceId: 's',
  index,
  keyOf: (documentId, ordinal) => (documentId === 'd' ? ordinal : undefined),
  accepts: undefined,
  ...more,
});

describe('measureIndex', () => {
  test('an exact index finds all of the exact neighbours', async () => {
    const seen: Progress[] = [];
    const index = indexOver((key) => key === 5); // deleted
    const report = await measureIndex(space(index), { onProgress: (event) => seen.push(event) });
    expect(report).toMatchObject({
      spaceId: 's',
      kind: 'exact',
      vectors: COUNT - 1,
      indexVectors: COUNT,
      indexBytes: COUNT * 8,
      probes: 100,
      recallAt10: 1,
    });
    expect(report?.p95Ms).toBeGreaterThanOrEqual(report?.p50Ms ?? Number.NaN);
    expect(seen.map(({ done, total }) => [done, total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  test('what an index overlooks is seen', async () => {
    const report = await measureIndex(space(indexOver((key) => key === 5 || key % 2 === 0)));
    // Each neighbourhood has about as many even as odd rows, so half of it is not found.
    expect(report?.recallAt10).toBeGreaterThan(0.4);
    expect(report?.recallAt10).toBeLessThan(0.6);
  });

  test('only the collection is searched and sampled', async () => {
    const accepts = createKeySet([10, 11, 12, 300]);
    const report = await measureIndex(space(indexOver(), { accepts }));
    expect(report).toMatchObject({ vectors: 4, probes: 4, recallAt10: 1 });
  });

  test('no vectors, no report', async () => {
    expect(await measureIndex(space(indexOver(), { accepts: createKeySet([]) }))).toBeUndefined();
  });
});
