import { createRandom } from '#core/evals/index.ts';
import type { PictureGroup } from '#core/ports/pictures.ts';
import { createBreather } from '#shared/breathe.ts';
import { byQuality, createUnion, hashPairs, type PictureTraits } from './duplicates.ts';
import { dot, rowOf } from './vector-math.ts';

/** Bits in which the hashes of the same picture may differ: as many as four bands find for sure. */
const SAME_BITS = 3;
/** Wider, where the embeddings must agree as well. */
const ALIKE_BITS = 10;
/** Cosine below which two pictures are not the same, whatever the hash says: two plain skies have one hash. */
const SAME_COSINE = 0.9;
/**
 * Cosine of nearly equal embeddings: beside a hash that nearly agrees, and by themselves. Two different pictures of emoji-clip's
 * test set come to 0.78 but for one pair with 0.93; the same drawing before another background to 0.63 – 0.95.
 */
const ALIKE_COSINE_WITH_HASH = 0.95;
export const ALIKE_COSINE = 0.97;

/** Of hundreds of almost equal pictures, not all pairs are kept in mind. */
const MOST_LINKS = 256;

/** Up to here every pair is compared. */
const ALL_PAIRS_UP_TO = 1024;
const TABLES = 24;
const TABLE_BITS = 12;

export interface VectorRows {
  readonly dimension: number;
  /** Row-major, L2-normalised; row i belongs to picture i. */
  readonly vectors: Float32Array;
}

function meanOf({ vectors, dimension }: VectorRows, count: number): Float32Array {
  const mean = new Float64Array(dimension);
  for (let row = 0; row < count; row++)
    for (let i = 0; i < dimension; i++)
      mean[i] = (mean[i] ?? 0) + (vectors[row * dimension + i] ?? 0) / count;
  return Float32Array.from(mean);
}

/**
 * Pairs of rows that may be near: all of few, else those that lie on the same side of twelve random planes in one of 24
 * draws (SimHash, Charikar 2002). The planes go through the mean, since the vectors of such a model fill a narrow cone. Of
 * pairs 22° apart about the mean it finds 99 of 100.
 */
async function* nearRows(
  rows: VectorRows,
  count: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly [number, number]> {
  const { dimension, vectors } = rows;
  const breathe = createBreather(signal);
  if (count <= ALL_PAIRS_UP_TO) {
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) yield [a, b];
      await breathe();
    }
    return;
  }
  const mean = meanOf(rows, count);
  const random = createRandom(1);
  for (let table = 0; table < TABLES; table++) {
    const planes = Array.from({ length: TABLE_BITS }, () =>
      Float32Array.from({ length: dimension }, () => random() + random() + random() - 1.5),
    );
    const offsets = planes.map((plane) => dot(plane, mean));
    const buckets = new Map<number, number[]>();
    for (let row = 0; row < count; row++) {
      const vector = rowOf(vectors, row, dimension);
      let key = 0;
      for (const [bit, plane] of planes.entries())
        if (dot(plane, vector) > (offsets[bit] ?? 0)) key |= 1 << bit;
      const bucket = buckets.get(key);
      for (const other of bucket ?? []) yield [other, row];
      if (bucket) bucket.push(row);
      else buckets.set(key, [row]);
      await breathe();
    }
  }
}

/** Neighbours of each, both ways. */
function createLinks() {
  const links = new Map<number, Set<number>>();
  const add = (from: number, to: number): void => {
    const known = links.get(from);
    if (known && known.size >= MOST_LINKS) return;
    if (known) known.add(to);
    else links.set(from, new Set([to]));
  };
  return {
    link(a: number, b: number): void {
      add(a, b);
      add(b, a);
    },
    of: (row: number): ReadonlySet<number> => links.get(row) ?? new Set(),
  };
}

/**
 * 'same': linked by hashes at most SAME_BITS apart whose embeddings do not speak against it. 'alike':
 * around the best of a set, those whose embeddings are nearly equal to its own (no chains, along which pictures drift
 * apart); of pictures that are the same only the best takes part.
 */
export async function groupPictures(
  pictures: readonly PictureTraits[],
  rows: VectorRows,
  signal?: AbortSignal,
): Promise<readonly PictureGroup[]> {
  const { dimension, vectors } = rows;
  const cosine = (a: number, b: number): number =>
    dot(rowOf(vectors, a, dimension), rowOf(vectors, b, dimension));
  const same = createUnion(pictures.length);
  const links = createLinks();
  const hashes = pictures.map(({ hash }) => hash);
  for await (const [a, b, apart] of hashPairs(hashes, ALIKE_BITS, signal)) {
    const near = cosine(a, b);
    if (apart <= SAME_BITS && near >= SAME_COSINE) same.join(a, b);
    else if (near >= ALIKE_COSINE_WITH_HASH) links.link(a, b);
  }

  const ranked = (group: readonly number[]): readonly number[] =>
    [...group].sort((a, b) => order(pictures[a], pictures[b]));
  const sameGroups = same.groups().map(ranked);
  const lesser = new Set(sameGroups.flatMap((group) => group.slice(1)));
  for await (const [a, b] of nearRows(rows, pictures.length, signal))
    if (!lesser.has(a) && !lesser.has(b) && cosine(a, b) >= ALIKE_COSINE) links.link(a, b);
  const taken = new Set<number>();
  const alikeGroups: (readonly number[])[] = [];
  for (const row of ranked(pictures.map((_, i) => i).filter((i) => !lesser.has(i)))) {
    if (taken.has(row)) continue;
    const near = [...links.of(row)].filter((other) => !lesser.has(other) && !taken.has(other));
    if (near.length === 0) continue;
    const group = ranked([row, ...near]);
    for (const each of group) taken.add(each);
    alikeGroups.push(group);
  }
  const toGroup = (kind: PictureGroup['kind']) => (group: readonly number[]) => ({
    kind,
    imageIds: group.map((row) => pictures[row]?.id ?? ''),
  });
  return [...sameGroups.map(toGroup('same')), ...alikeGroups.map(toGroup('alike'))];
}

const order = (a: PictureTraits | undefined, b: PictureTraits | undefined): number =>
  a && b ? byQuality(a, b) : 0;
