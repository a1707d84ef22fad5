import type { KeySet } from '#shared/key-set.ts';
import { FIELD_NUMBERS, type FieldNumber } from './posting.ts';

const FIRST_ROWS = 256;

export interface SavedRows {
  /** By row. */
  readonly keys: Uint32Array;
  /** Different words of the heading and of the text of row i: at 2 i and 2 i + 1. */
  readonly lengths: Uint32Array;
}

function grown<T extends Uint32Array | Uint8Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (size: number) => T)(length);
  larger.set(array);
  return larger;
}

/** Passages in the order in which they came. A row that is removed stays as a gap until the index is packed again. */
export function createPassageRows(saved?: SavedRows) {
  let count = saved?.keys.length ?? 0;
  let keys = saved?.keys ?? new Uint32Array(FIRST_ROWS);
  let lengths = saved?.lengths ?? new Uint32Array(2 * FIRST_ROWS);
  let alive = new Uint8Array(keys.length).fill(1, 0, count);
  const rows = new Map<number, number>();
  /** One byte a row of what a filter lets through, until rows change. */
  let masks = new WeakMap<KeySet, Uint8Array>();
  /** Sums over the rows that are alive, by field. */
  const lengthSums = [0, 0];
  for (let row = 0; row < count; row++) {
    rows.set(keys[row] as number, row);
    for (const field of FIELD_NUMBERS)
      lengthSums[field] = (lengthSums[field] as number) + (lengths[2 * row + field] as number);
  }

  function changeSums(row: number, sign: 1 | -1): void {
    for (const field of FIELD_NUMBERS)
      lengthSums[field] = (lengthSums[field] as number) + sign * (lengths[2 * row + field] as number);
  }

  function remove(key: number): void {
    const row = rows.get(key);
    if (row === undefined) return;
    rows.delete(key);
    masks = new WeakMap();
    alive[row] = 0;
    changeSums(row, -1);
  }

  return {
    /** With gaps. */
    get count() {
      return count;
    },
    /** Without. */
    get size() {
      return rows.size;
    },
    keyAt: (row: number): number => keys[row] as number,
    isAlive: (row: number): boolean => alive[row] === 1,
    /** Different words of heading and text of row i at 2 i and 2 i + 1; as long as nothing changes. */
    lengths: (): Uint32Array => lengths,
    /** 1 at each row that is alive and let through; as long as nothing changes. */
    openTo(accepts: KeySet | undefined): Uint8Array {
      if (accepts === undefined) return alive;
      const known = masks.get(accepts);
      if (known) return known;
      const mask = new Uint8Array(count);
      for (let row = 0; row < count; row++)
        if (alive[row] === 1 && accepts.has(keys[row] as number)) mask[row] = 1;
      masks.set(accepts, mask);
      return mask;
    },
    meanLength: (field: FieldNumber): number => (lengthSums[field] as number) / rows.size,
    /** Gives the passage a row; one that it had before becomes a gap. */
    add(key: number, heading: number, text: number): number {
      remove(key);
      if (count === keys.length) {
        const length = Math.max(FIRST_ROWS, count * 2);
        keys = grown(keys, length);
        lengths = grown(lengths, 2 * length);
        alive = grown(alive, length);
      }
      const row = count;
      count += 1;
      masks = new WeakMap();
      keys[row] = key;
      lengths.set([heading, text], 2 * row);
      alive[row] = 1;
      rows.set(key, row);
      changeSums(row, 1);
      return row;
    },
    remove,
    /** Without gaps; `newRows` says where each row is then (-1: a gap), undefined: there are none. */
    packed(): SavedRows & { readonly newRows: Int32Array | undefined } {
      if (rows.size === count)
        return { keys: keys.slice(0, count), lengths: lengths.slice(0, 2 * count), newRows: undefined };
      const newRows = new Int32Array(count).fill(-1);
      const kept = { keys: new Uint32Array(rows.size), lengths: new Uint32Array(2 * rows.size) };
      let next = 0;
      for (let row = 0; row < count; row++) {
        if (alive[row] !== 1) continue;
        kept.keys[next] = keys[row] as number;
        kept.lengths.set(lengths.subarray(2 * row, 2 * row + 2), 2 * next);
        newRows[row] = next;
        next += 1;
      }
      return { ...kept, newRows };
    },
  };
}

export type PassageRows = ReturnType<typeof createPassageRows>;
