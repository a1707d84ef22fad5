import type { ImageVectorSegment } from '#core/ports/image-records.ts';
import type { ImageRepository } from '#core/ports/repositories.ts';
import { createBreather } from '#shared/breathe.ts';
import { normalised, rowOf, weightedSum } from './vector-math.ts';

export interface VectorsOfPictures {
  readonly dimension: number;
  /** Row-major; row i belongs to the i-th id, zeros where it has none. */
  readonly vectors: Float32Array;
  readonly has: (row: number) => boolean;
}

/** Where the vectors of a space are stored. */
interface VectorPlaces {
  readonly index: { readonly dimension: number };
  /** The segment in which a picture's vector was last seen. */
  readonly segmentOf: Map<string, number>;
}

function placesIn(wanted: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [at, id] of wanted.entries()) {
    const known = places.get(id);
    if (known) known.push(at);
    else places.set(id, [at]);
  }
  return places;
}

/** Reads only the segments in which the pictures were last seen, and all of the space for one that is not there. */
export async function readVectors(
  images: ImageRepository,
  spaceId: string,
  space: VectorPlaces | undefined,
  wanted: readonly string[],
  signal: AbortSignal | undefined,
): Promise<VectorsOfPictures> {
  const dimension = space?.index.dimension ?? 0;
  const vectors = new Float32Array(wanted.length * dimension);
  if (space === undefined) return { dimension, vectors, has: () => false };
  const { segmentOf } = space;
  const places = placesIn(wanted);
  const missing = new Set(wanted.filter((id) => segmentOf.has(id)));
  const found = new Set<string>();
  const breathe = createBreather(signal);
  const take = ({ imageIds, segment, vectors: rows }: ImageVectorSegment): void => {
    for (const [row, id] of imageIds.entries()) {
      if (!missing.delete(id)) continue;
      found.add(id);
      segmentOf.set(id, segment);
      for (const at of places.get(id) ?? []) vectors.set(rowOf(rows, row, dimension), at * dimension);
    }
  };
  const segments = new Set([...missing].flatMap((id) => segmentOf.get(id) ?? []));
  for (const number of [...segments].sort((a, b) => a - b)) {
    for await (const segment of images.segments(spaceId, number)) {
      take(segment);
      break;
    }
    await breathe();
  }
  // Removed and put back since, it lies elsewhere.
  if (missing.size > 0) for await (const segment of images.segments(spaceId)) take(segment);
  return { dimension, vectors, has: (row) => found.has(wanted[row] ?? '') };
}

/** Without the rows that are none. */
export function packRows<T>(
  items: readonly T[],
  { vectors, dimension, has }: VectorsOfPictures,
): { readonly items: readonly T[]; readonly vectors: Float32Array; readonly dimension: number } {
  const rows = items.flatMap((_, row) => (has(row) ? [row] : []));
  const packed = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) packed.set(rowOf(vectors, row, dimension), i * dimension);
  return { items: items.filter((_, row) => has(row)), vectors: packed, dimension };
}

/** One vector a picture, where several rows, one behind the other, belong to it: their mean, of length one. */
export function meansOf(
  { dimension, vectors, has }: VectorsOfPictures,
  lengths: readonly number[],
): VectorsOfPictures {
  if (lengths.every((length) => length === 1)) return { dimension, vectors, has };
  const means = new Float32Array(lengths.length * dimension);
  const found = new Set<number>();
  let start = 0;
  for (const [i, length] of lengths.entries()) {
    const rows = Array.from({ length }, (_, k) => start + k).filter(has);
    start += length;
    const [only] = rows;
    if (only === undefined) continue;
    found.add(i);
    if (length === 1) {
      means.set(rowOf(vectors, only, dimension), i * dimension);
      continue;
    }
    const parts = rows.map((row) => ({ weight: 1, vector: rowOf(vectors, row, dimension) }));
    const mean = normalised(weightedSum(parts, dimension));
    if (mean === undefined) found.delete(i);
    else means.set(mean, i * dimension);
  }
  return { dimension, vectors: means, has: (row) => found.has(row) };
}
