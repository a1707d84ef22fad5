import type { Album } from '#core/ports/pictures.ts';
import { sphericalKMeans } from './k-means.ts';
import { rowOf } from './vector-math.ts';

/** Labels and how likely each is for a vector, in the same order. */
export interface Naming {
  readonly labels: readonly string[];
  readonly scoresOf: (vector: Float32Array) => readonly number[];
}

/**
 * Names by the labels of each cluster's centre. No label names two albums: the surest pairs are given first. Where labels
 * run out, albums are numbered.
 */
function namesOf(centres: readonly Float32Array[], { labels, scoresOf }: Naming): readonly string[] {
  const pairs = centres.flatMap((centre, cluster) =>
    scoresOf(centre).map((score, label) => ({ cluster, label, score })),
  );
  const names = new Map<number, string>();
  const taken = new Set<number>();
  for (const { cluster, label } of pairs.sort((a, b) => b.score - a.score)) {
    if (names.has(cluster) || taken.has(label)) continue;
    taken.add(label);
    names.set(cluster, labels[label] ?? '');
  }
  return centres.map((_, cluster) => names.get(cluster) ?? `Album ${cluster + 1}`);
}

/** Pictures that look alike, in at most `count` albums, the largest first; in each, the most typical picture first. */
export async function makeAlbums(
  pictures: {
    readonly imageIds: readonly string[];
    /** Row-major, L2-normalised; row i belongs to imageIds[i]. */
    readonly vectors: Float32Array;
    readonly dimension: number;
  },
  count: number,
  naming: Naming,
  signal?: AbortSignal,
): Promise<readonly Album[]> {
  const { imageIds, vectors, dimension } = pictures;
  const clusters = await sphericalKMeans(vectors, dimension, count, signal);
  const centres = Array.from({ length: clusters.count }, (_, i) => rowOf(clusters.centroids, i, dimension));
  const names = namesOf(centres, naming);
  const typical = (centre: Float32Array, row: number): number =>
    rowOf(vectors, row, dimension).reduce((sum, value, i) => sum + value * (centre[i] ?? 0), 0);
  return centres
    .map((centre, cluster) => {
      const rows = imageIds.flatMap((_, row) =>
        clusters.clusterOf[row] === cluster ? [{ row, nearness: typical(centre, row) }] : [],
      );
      rows.sort((a, b) => b.nearness - a.nearness);
      return {
        name: names[cluster] ?? '',
        centre: centre.slice(),
        imageIds: rows.map(({ row }) => imageIds[row] ?? ''),
      };
    })
    .filter((album) => album.imageIds.length > 0)
    .sort((a, b) => b.imageIds.length - a.imageIds.length);
}
