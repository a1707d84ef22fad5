import { createRandom } from '#core/evals/index.ts';
import { createBreather } from '#core/rag/index.ts';
import { dot, normalised, rowOf } from './vector-math.ts';

export interface Clusters {
  /** Which cluster each row is in. */
  readonly clusterOf: Uint32Array;
  /** Row-major [count × dimension], L2-normalised. */
  readonly centroids: Float32Array;
  readonly count: number;
}

const MOST_ROUNDS = 50;

/** Seeds far from each other: each next with a chance in proportion to its distance from the nearest (k-means++). */
function seeds(vectors: Float32Array, dimension: number, rows: number, count: number): number[] {
  const random = createRandom(5);
  const chosen = [Math.floor(random() * rows)];
  const distances = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < count) {
    const last = rowOf(vectors, chosen.at(-1) ?? 0, dimension);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const distance = Math.max(0, 1 - dot(rowOf(vectors, row, dimension), last));
      distances[row] = Math.min(distances[row] ?? distance, distance < 1e-6 ? 0 : distance);
      total += distances[row] ?? 0;
    }
    if (total === 0) break; // fewer different rows than clusters
    let left = random() * total;
    let next = 0;
    for (let row = 0; row < rows; row++) {
      if ((distances[row] ?? 0) === 0) continue;
      next = row;
      left -= distances[row] ?? 0;
      if (left <= 0) break;
    }
    chosen.push(next);
  }
  return chosen;
}

/**
 * Spherical k-means (Dhillon and Modha 2001) over normalised rows, seeded as k-means++ (Arthur and Vassilvitskii 2007) from
 * a fixed seed: the same pictures give the same clusters. At most `count`; fewer where the rows are not that many.
 */
export async function sphericalKMeans(
  vectors: Float32Array,
  dimension: number,
  count: number,
  signal?: AbortSignal,
): Promise<Clusters> {
  const rows = dimension === 0 ? 0 : vectors.length / dimension;
  const clusterOf = new Uint32Array(rows);
  if (rows === 0 || count < 1) return { clusterOf, centroids: new Float32Array(0), count: 0 };
  const breathe = createBreather(signal);
  let centroids: Float32Array[] = seeds(vectors, dimension, rows, Math.min(count, rows)).map((row) =>
    rowOf(vectors, row, dimension).slice(),
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = 0;
    const sums = centroids.map(() => new Float32Array(dimension));
    for (let row = 0; row < rows; row++) {
      const vector = rowOf(vectors, row, dimension);
      let best = 0;
      let bestScore = Number.NEGATIVE_INFINITY;
      for (const [cluster, centroid] of centroids.entries()) {
        const score = dot(vector, centroid);
        if (score > bestScore) [best, bestScore] = [cluster, score];
      }
      if (round === 0 || clusterOf[row] !== best) moved += 1;
      clusterOf[row] = best;
      const sum = sums[best];
      if (sum) for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
      await breathe();
    }
    centroids = sums.map((sum, cluster) => normalised(sum) ?? centroids[cluster] ?? sum);
    if (moved === 0) break;
  }
  const packed = new Float32Array(centroids.length * dimension);
  for (const [cluster, centroid] of centroids.entries()) packed.set(centroid, cluster * dimension);
  return { clusterOf, centroids: packed, count: centroids.length };
}
