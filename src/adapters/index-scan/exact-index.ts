import type { VectorIndex } from '#core/ports/vector-index.ts';
import { checkDimension, checkQuery, checkRows } from './check-vector.ts';
import { dot } from './dot.ts';
import { createTopList } from './top-list.ts';

const FIRST_CAPACITY = 256;
/** What V8 takes for an entry of a Map of small numbers, with the room that is kept free. */
const MAP_ENTRY_BYTES = 36;

/**
 * Exact nearest neighbours: one dot product with every vector, rows side by side in one array. Removed rows are filled
 * with the last one, so that a search never steps over holes. Time O(size × dimension), memory 4 bytes a number.
 */
export function createExactIndex(dimension: number): VectorIndex {
  checkDimension(dimension);
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
    kind: 'exact',
    dimension,
    get size() {
      return keys.length;
    },
    get bytes() {
      return rows.byteLength + keys.length * 8 + rowOf.size * MAP_ENTRY_BYTES;
    },
    add(newKeys, vectors) {
      const count = newKeys.length;
      checkRows(newKeys, vectors, dimension);
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
    async search(query, limit, accepts) {
      checkQuery(query, dimension);
      const top = createTopList(limit);
      for (let row = 0; row < keys.length; row++) {
        const key = keys[row] ?? 0;
        if (accepts !== undefined && !accepts.has(key)) continue;
        const score = dot(rows, row * dimension, query, dimension);
        if (score >= top.least()) top.offer(key, score);
      }
      return top.hits();
    },
  };
}
