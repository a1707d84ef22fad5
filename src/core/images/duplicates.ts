import { createBreather } from '#shared/breathe.ts';

/** What the search for duplicates looks at, of each picture. */
export interface PictureTraits {
  readonly id: string;
  /** 16 hex digits, see `differenceHash`. */
  readonly hash?: string;
  /** Pixels, width × height. */
  readonly pixels: number;
  readonly addedAt: number;
}

const COLUMNS = 9;
const ROWS = 8;
const BITS_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});

/**
 * The difference hash (dHash; N. Krawetz, “Kind of like that”, 2013): of 9 × 8 luminances, row by row, whether each is
 * brighter than its right neighbour. 64 bits as 16 hex digits; scaling, recompression and brightness hardly change it.
 */
export function differenceHash(luminances: Uint8Array): string {
  let hex = '';
  for (let row = 0; row < ROWS; row++) {
    let byte = 0;
    for (let column = 0; column < COLUMNS - 1; column++) {
      const at = row * COLUMNS + column;
      byte = (byte << 1) | ((luminances[at] ?? 0) > (luminances[at + 1] ?? 0) ? 1 : 0);
    }
    hex += byte.toString(16).padStart(2, '0');
  }
  return hex;
}

const bytesOf = (hash: string): Uint8Array =>
  Uint8Array.from({ length: 8 }, (_, i) => Number.parseInt(hash.slice(i * 2, i * 2 + 2), 16));

const distanceOf = (a: Uint8Array, b: Uint8Array): number => {
  let distance = 0;
  for (let i = 0; i < 8; i++) distance += BITS_OF_BYTE[(a[i] ?? 0) ^ (b[i] ?? 0)] ?? 0;
  return distance;
};

/** Bits in which two hashes differ, 0 to 64. */
export const hammingDistance = (a: string, b: string): number => distanceOf(bytesOf(a), bytesOf(b));

/** A hash of a plain area says nothing: below so many set bits (or as few unset ones) any two plain pictures agree. */
const FEWEST_BITS = 4;

function isTelling(hash: Uint8Array): boolean {
  const set = hash.reduce((sum, byte) => sum + (BITS_OF_BYTE[byte] ?? 0), 0);
  return set >= FEWEST_BITS && set <= 64 - FEWEST_BITS;
}

/**
 * Pairs whose hashes are at most `distance` bits apart; a pair may come more than once. Of 64 bits in four bands of 16, three that
 * differ leave one band equal: pairs up to 3 bits apart are found for sure, without comparing all with all (locality
 * sensitive hashing, Indyk and Motwani 1998); wider ones where a band happens to agree.
 */
export async function* hashPairs(
  hashes: readonly (string | undefined)[],
  distance: number,
  signal?: AbortSignal,
): AsyncGenerator<readonly [first: number, second: number, distance: number]> {
  const breathe = createBreather(signal);
  const bytes = hashes.map((hash) => (hash === undefined ? undefined : bytesOf(hash)));
  for (let band = 0; band < 4; band++) {
    const buckets = new Map<number, number[]>();
    for (const [row, hash] of bytes.entries()) {
      if (hash === undefined || !isTelling(hash)) continue;
      const key = ((hash[band * 2] ?? 0) << 8) | (hash[band * 2 + 1] ?? 0);
      const bucket = buckets.get(key);
      for (const other of bucket ?? []) {
        const apart = distanceOf(hash, bytes[other] ?? hash);
        if (apart <= distance) yield [other, row, apart];
      }
      await breathe();
      if (bucket) bucket.push(row);
      else buckets.set(key, [row]);
    }
  }
}

/** Sets that grow together (Tarjan 1975, with path halving). */
export function createUnion(count: number) {
  const parents = Uint32Array.from({ length: count }, (_, i) => i);
  const find = (row: number): number => {
    let at = row;
    for (let up = parents[at] ?? at; up !== at; up = parents[at] ?? at) {
      parents[at] = parents[up] ?? up;
      at = parents[at] ?? up;
    }
    return at;
  };
  return {
    join(a: number, b: number): void {
      parents[find(a)] = find(b);
    },
    areOne: (a: number, b: number): boolean => find(a) === find(b),
    /** Those of two and more. */
    groups(): readonly (readonly number[])[] {
      const byRoot = new Map<number, number[]>();
      for (let row = 0; row < count; row++) {
        const root = find(row);
        const group = byRoot.get(root);
        if (group) group.push(row);
        else byRoot.set(root, [row]);
      }
      return [...byRoot.values()].filter(({ length }) => length > 1);
    },
  };
}

/** The best first: most pixels, then the one that was there first. */
export const byQuality = (a: PictureTraits, b: PictureTraits): number =>
  b.pixels - a.pixels || a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1);
