import type { ReadVectors, VectorHit, VectorIndex } from '#core/ports/vector-index.ts';
import type { CallOptions } from '#shared/call.ts';
import type { KeySet } from '#shared/key-set.ts';
import { checkDimension, checkQuery, checkRows } from './check-vector.ts';
import { BLOCK_ROWS, type CodedQuery, createCodeStore } from './code-store.ts';
import { dot } from './dot.ts';
import { centerOf, quantizeQuery, quantizeRow, withoutCenter } from './quantize.ts';
import { createMaskCache } from './row-mask.ts';
import { createRowTable } from './row-table.ts';
import { packIndex, unpackIndex } from './saved-index.ts';
import { createTopList } from './top-list.ts';

/** So many rows tell where a model's vectors lie; fewer might be one odd text. */
const ROWS_OF_CENTER = 64;
/** So many rows go on from the upper halves to the whole codes: by the upper ones alone a score is off by 16 times as much. */
const UPPER_TIMES = 5;
const UPPER_SPARE = 64;
/** Beside the wanted ones, at least so many are looked at again with their exact numbers. */
const LEAST_SPARE = 24;
/**
 * How far apart the scores of two rows may be, in steps of the codes, for their order to be still open. A code is off by
 * step/√12 in the mean, so is a score (the query has length 1), and a difference of two by √2 of that: four deviations.
 */
const OPEN_STEPS = 4 * Math.SQRT2 * Math.sqrt(1 / 12);

export interface Int8Options {
  /** Reads original vectors: hits then have exact scores. Without it scores are those of the codes. */
  readonly readVectors?: ReadVectors;
  /** What `save` gave. */
  readonly saved?: Uint8Array;
}

/**
 * Eight bits a number with one step a vector, scanned by a SIMD kernel against a query of 16: first the upper
 * halves of all codes, then the lower halves of the best. With `readVectors`
 * whatever may be among the best is scored again from its original. Memory: dimension + at most 23 bytes a vector.
 * Time O(size × dimension).
 */
export function createInt8Index(dimension: number, { readVectors, saved }: Int8Options = {}): VectorIndex {
  checkDimension(dimension);
  const store = createCodeStore(dimension);
  const stored = saved && unpackIndex(saved, dimension, store.dumpBytes);
  if (stored) store.load(stored.rows, stored.blocks);
  const table = createRowTable(store.key, stored && { slots: stored.slots, size: stored.rows });
  const masks = createMaskCache(store.key);
  const codes = new Int8Array(store.stride);
  let size = stored?.rows ?? 0;
  let largestStep = stored?.largestStep ?? 0;
  let center = stored?.center ?? new Float32Array(dimension);
  let hasCenter = center.some((number) => number !== 0);

  function setRow(row: number, vectors: Float32Array, from: number): void {
    const along = dot(vectors, from, center, dimension);
    const step = quantizeRow(vectors, from, center, along, codes);
    store.setRow(row, codes, step, along);
    largestStep = Math.max(largestStep, step);
  }

  /** Once, from the first rows: the codes of the few that are there already are made anew from what they stand for. */
  function takeCenter(added: Float32Array): void {
    const rows = new Float32Array(size * dimension + added.length);
    for (let row = 0; row < size; row++)
      store.decode(row, rows.subarray(row * dimension, (row + 1) * dimension));
    rows.set(added, size * dimension);
    center = centerOf(rows, dimension);
    hasCenter = true;
    largestStep = 0;
    for (let row = 0; row < size; row++) setRow(row, rows, row * dimension);
  }

  /** Rows that are given once more, as a saved index gets its last ones, are no reason to make all codes anew. */
  const countNew = (keys: ArrayLike<number>): number =>
    Array.from(keys).filter((key) => table.get(key) === undefined).length;

  function addOne(key: number, vectors: Float32Array, from: number): void {
    const row = table.get(key) ?? size;
    if (row === size) {
      store.setKey(row, key);
      size += 1;
      table.set(key, row);
    }
    setRow(row, vectors, from);
  }

  /** The last row moves into the gap: a scan never steps over holes. */
  function removeOne(key: number): void {
    const row = table.get(key);
    if (row === undefined) return;
    table.delete(key);
    const last = size - 1;
    if (row !== last) {
      const moved = store.key(last);
      store.copyRow(last, row);
      table.set(moved, row);
    }
    size = last;
  }

  /** The best by the upper halves of their codes. */
  function scanUpper(query: CodedQuery, count: number, mask: Uint32Array | undefined): readonly VectorHit[] {
    const top = createTopList(count);
    for (let from = 0; from < size; from += BLOCK_ROWS) {
      const scores = store.scanBlock(from / BLOCK_ROWS, query, mask);
      const rows = Math.min(BLOCK_ROWS, size - from);
      let least = top.least();
      for (let i = 0; i < rows; i++) {
        const score = scores[i] as number;
        if (score < least) continue;
        const row = from + i;
        if (mask !== undefined && ((mask[row >>> 5] as number) & (1 << (row & 31))) === 0) continue;
        top.offer(store.key(row), score);
        least = top.least();
      }
    }
    return top.hits();
  }

  /** The best by their whole codes. */
  function scan(query: Float32Array, count: number, accepts: KeySet | undefined): readonly VectorHit[] {
    // What a row and the query have along the center is multiplied as it is; the codes' error meets only the rest.
    const part = dot(center, 0, query, dimension);
    const numbers = store.query();
    const step = quantizeQuery(withoutCenter(query, center, part), numbers);
    const coded = { step, part, sum: numbers.reduce((sum, number) => sum + number, 0) };
    const candidates = scanUpper(
      coded,
      count * UPPER_TIMES + UPPER_SPARE,
      accepts && masks.of(size, accepts),
    );
    const top = createTopList(count);
    for (const { key, score } of candidates)
      top.offer(key, score + store.lowerScore(table.get(key) ?? 0, coded));
    return top.hits();
  }

  async function rescore(
    query: Float32Array,
    candidates: readonly VectorHit[],
    limit: number,
    read: ReadVectors,
    options: CallOptions | undefined,
  ): Promise<readonly VectorHit[]> {
    const last = candidates[Math.min(limit, candidates.length) - 1]?.score ?? 0;
    const isOpen = ({ score }: VectorHit): boolean => score >= last - OPEN_STEPS * largestStep;
    const keys = candidates.filter(isOpen).map(({ key }) => key);
    const originals = await read(keys, options);
    const top = createTopList(limit);
    for (const [i, key] of keys.entries()) {
      const original = originals[i];
      // Not there any more: it was removed while this search ran.
      if (original !== undefined) top.offer(key, dot(original, 0, query, dimension));
    }
    return top.hits();
  }

  return {
    kind: 'int8',
    dimension,
    get size() {
      return size;
    },
    get bytes() {
      return store.bytes + table.bytes;
    },
    add(keys, vectors) {
      checkRows(keys, vectors, dimension);
      if (!hasCenter && size + countNew(keys) >= ROWS_OF_CENTER) takeCenter(vectors);
      store.reserve(size + keys.length);
      table.reserve(size + keys.length);
      for (let i = 0; i < keys.length; i++) addOne(keys[i] as number, vectors, i * dimension);
      masks.clear();
    },
    remove(gone) {
      for (const key of gone) removeOne(key);
      store.shrink(size);
      masks.clear();
    },
    async search(query, limit, accepts, options) {
      checkQuery(query, dimension);
      if (readVectors === undefined) return scan(query, limit, accepts);
      const candidates = scan(query, limit + Math.max(LEAST_SPARE, limit), accepts);
      return rescore(query, candidates, limit, readVectors, options);
    },
    save: () =>
      packIndex(dimension, {
        rows: size,
        largestStep,
        center,
        blocks: store.dump(size),
        slots: table.slots(),
      }),
  };
}
