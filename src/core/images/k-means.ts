import { createRandom } from '#core/evals/index.ts';
import { createBreather } from '#shared/breathe.ts';
import { dot, normalised, rowOf } from './vector-math.ts';

export interface Clusters {
  /** Which cluster each row is in. */
  readonly clusterOf: Uint32Array;
  /** Row-major [count × dimension], L2-normalised. */
  readonly centroids: Float32Array;
  readonly count: number;
}

const MOST_ROUNDS = 50;
const STARTS = 8;
const SEVERAL_STARTS_UP_TO = 4000;

/** Seeds far from each other: each next with a chance in proportion to its distance from the nearest (k-means++). */
function seeds(vectors: Float32Array, dimension: number, count: number, seed: number): number[] {
  const rows = vectors.length / dimension;
  const random = createRandom(seed);
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

/** From the seeds on until nothing moves. */
async function settle(
  vectors: Float32Array,
  dimension: number,
  seeded: readonly number[],
  breathe: () => Promise<void> | undefined,
): Promise<{
  readonly clusterOf: Uint32Array;
  readonly centroids: readonly Float32Array[];
  readonly nearness: number;
}> {
  const rows = vectors.length / dimension;
  const clusterOf = new Uint32Array(rows);
  let centroids: Float32Array[] = seeded.map((row) => rowOf(vectors, row, dimension).slice());
  let nearness = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = 0;
    nearness = 0;
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
      nearness += bestScore;
      const sum = sums[best];
      if (sum) for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
      await breathe();
    }
    if (moved === 0) break;
    centroids = sums.map((sum, cluster) => normalised(sum) ?? centroids[cluster] ?? sum);
  }
  return { clusterOf, centroids, nearness };
}

/**
 * Spherical k-means (Dhillon and Modha 2001) over normalised rows, seeded as k-means++ (Arthur and Vassilvitskii 2007) from
 * fixed seeds: the same pictures give the same clusters. Of few rows the best of several starts is taken, since each only
 * finds the nearest optimum. At most `count` clusters; fewer where the rows are not that many.
 */
export async function sphericalKMeans(
  vectors: Float32Array,
  dimension: number,
  count: number,
  signal?: AbortSignal,
): Promise<Clusters> {
  const rows = dimension === 0 ? 0 : vectors.length / dimension;
  if (rows === 0 || count < 1)
    return { clusterOf: new Uint32Array(rows), centroids: new Float32Array(0), count: 0 };
  const breathe = createBreather(signal);
  const start = (seed: number) =>
    settle(vectors, dimension, seeds(vectors, dimension, Math.min(count, rows), seed), breathe);
  let best = await start(1);
  for (let seed = 2; seed <= STARTS && rows <= SEVERAL_STARTS_UP_TO; seed++) {
    const other = await start(seed);
    if (other.nearness > best.nearness) best = other;
  }
  const packed = new Float32Array(best.centroids.length * dimension);
  for (const [cluster, centroid] of best.centroids.entries()) packed.set(centroid, cluster * dimension);
  return { clusterOf: best.clusterOf, centroids: packed, count: best.centroids.length };
}
