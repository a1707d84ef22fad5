import type { VectorHit, VectorIndex } from '#core/ports/vector-index.ts';
import { AppError } from '#shared/errors.ts';
import { dot } from './dot.ts';
import { createTopList } from './top-list.ts';

const FIRST_CAPACITY = 256;
/** Vectors are L2-normalised by the port's promise; a quantized store may be off by this much. */
const LENGTH_TOLERANCE = 0.02;

function refuse(message: string, details: Readonly<Record<string, unknown>>): never {
  throw new AppError('input/invalid', message, { details });
}

function checkVector(vector: Float32Array, from: number, dimension: number): void {
  let sum = 0;
  for (let i = from; i < from + dimension; i++) sum += (vector[i] ?? 0) ** 2;
  if (Number.isFinite(sum) && Math.abs(Math.sqrt(sum) - 1) <= LENGTH_TOLERANCE) return;
  refuse('A vector of this text is broken (not a number, or not of length 1). Index the document again.', {
    length: Math.sqrt(sum),
  });
}

/**
 * Exact nearest neighbours: one dot product with every vector, rows side by side in one array. Removed rows are filled
 * with the last one, so that a search never steps over holes. Time O(size × dimension), memory 4 bytes a number.
 */
export function createScanIndex(dimension: number): VectorIndex {
  if (!Number.isInteger(dimension) || dimension < 1) refuse('An index needs a dimension.', { dimension });
  let rows = new Float32Array(FIRST_CAPACITY * dimension);
  const keys: number[] = [];
  const rowOf = new Map<number, number>();

  function makeRoom(count: number): void {
    const needed = (keys.length + count) * dimension;
    if (needed <= rows.length) return;
    const grown = new Float32Array(Math.max(needed, rows.length * 2));
    grown.set(rows);
    rows = grown;
  }

  function removeOne(key: number): void {
    const row = rowOf.get(key);
    if (row === undefined) return;
    const last = keys.length - 1;
    const lastKey = keys[last];
    if (row !== last && lastKey !== undefined) {
      rows.copyWithin(row * dimension, last * dimension, (last + 1) * dimension);
      keys[row] = lastKey;
      rowOf.set(lastKey, row);
    }
    keys.pop();
    rowOf.delete(key);
  }

  return {
    dimension,
    get size() {
      return keys.length;
    },
    add(newKeys, vectors) {
      const count = newKeys.length;
      if (vectors.length !== count * dimension)
        refuse(`These vectors do not have ${dimension} numbers each.`, { count, numbers: vectors.length });
      for (let i = 0; i < count; i++) checkVector(vectors, i * dimension, dimension);
      makeRoom(count);
      for (let i = 0; i < count; i++) {
        const key = newKeys[i] ?? 0;
        const row = rowOf.get(key) ?? keys.length;
        if (row === keys.length) {
          keys.push(key);
          rowOf.set(key, row);
        }
        rows.set(vectors.subarray(i * dimension, (i + 1) * dimension), row * dimension);
      }
    },
    remove(gone) {
      for (const key of gone) removeOne(key);
    },
    search(query, limit, accepts): readonly VectorHit[] {
      if (query.length !== dimension)
        refuse(`The query has ${query.length} numbers, this index ${dimension}.`, { dimension });
      checkVector(query, 0, dimension);
      const top = createTopList(limit);
      for (let row = 0; row < keys.length; row++) {
        const key = keys[row] ?? 0;
        if (accepts !== undefined && !accepts(key)) continue;
        top.offer(key, dot(rows, row * dimension, query, dimension));
      }
      return top.hits();
    },
  };
}
