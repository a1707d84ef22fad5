import type { KeySet } from '#shared/key-set.ts';

/** One bit a row, lowest first. */
function maskOf(rows: number, keyAt: (row: number) => number, accepts: KeySet): Uint32Array {
  const mask = new Uint32Array(Math.ceil(rows / 32));
  for (let row = 0; row < rows; row++)
    if (accepts.has(keyAt(row))) mask[row >>> 5] = (mask[row >>> 5] as number) | (1 << (row & 31));
  return mask;
}

/** A filter is asked again and again: its mask is kept until the rows change. */
export function createMaskCache(keyAt: (row: number) => number) {
  let kept = new WeakMap<KeySet, Uint32Array>();
  return {
    of(rows: number, accepts: KeySet): Uint32Array {
      const mask = kept.get(accepts) ?? maskOf(rows, keyAt, accepts);
      kept.set(accepts, mask);
      return mask;
    },
    clear(): void {
      kept = new WeakMap();
    },
  };
}
