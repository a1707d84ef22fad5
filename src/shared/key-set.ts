/** Keys of rows, as a filter takes them. It never changes: an index may remember what it made of it. */
export interface KeySet {
  readonly size: number;
  has(key: number): boolean;
}

/** One bit a key, up to the highest: for keys that are counted up from 0. */
export function createKeySet(keys: Iterable<number>): KeySet {
  let words = new Uint32Array(32);
  let size = 0;
  for (const key of keys) {
    const at = key >>> 5;
    if (at >= words.length) {
      const grown = new Uint32Array(Math.max(at + 1, words.length * 2));
      grown.set(words);
      words = grown;
    }
    const word = words[at] ?? 0;
    const bit = 1 << (key & 31);
    if ((word & bit) !== 0) continue;
    words[at] = word | bit;
    size += 1;
  }
  return {
    size,
    // Past the end `undefined & bit` is 0.
    has: (key) => ((words[key >>> 5] as number) & (1 << (key & 31))) !== 0,
  };
}
