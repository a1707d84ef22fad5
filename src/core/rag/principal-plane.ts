import { createBreather } from '#shared/breathe.ts';

export interface PrincipalPlane {
  /** [count × 2], row-major, each axis within -1 to 1. */
  readonly points: Float32Array;
  /** Share of the variance along the two axes, 0 to 1. */
  readonly shownVariance: number;
}

const MOST_ROUNDS = 60;
const SETTLED = 1e-6;
/** Variance along an axis, as a share of all, that is nothing but rounding. */
const NOISE = 1e-9;

/** The same numbers every time: a map that jumps at each opening cannot be learned. */
function startVector(dimension: number, axis: number): Float64Array {
  return Float64Array.from({ length: dimension }, (_, i) => Math.sin((i + 1) * (axis + 1) * 1.618));
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function normalize(vector: Float64Array): number {
  const norm = Math.sqrt(dot(vector, vector));
  if (norm > 0) for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / norm;
  return norm;
}

/** Leaves what is at right angles to the axes. */
function takeAway(vector: Float64Array, axes: readonly Float64Array[]): void {
  for (const axis of axes) {
    const along = dot(vector, axis);
    for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) - along * (axis[i] ?? 0);
  }
}

/**
 * The first two principal components (Pearson 1901, Hotelling 1933) by power iteration with deflation, without the
 * covariance matrix: O(rounds × count × dimension). `vectors` is row-major [count × dimension]. Axes whose variance is zero
 * give zeros.
 */
export async function principalPlane(
  vectors: Float32Array,
  dimension: number,
  signal?: AbortSignal,
): Promise<PrincipalPlane> {
  const count = dimension === 0 ? 0 : vectors.length / dimension;
  const points = new Float32Array(count * 2);
  if (count === 0) return { points, shownVariance: 0 };
  const breathe = createBreather(signal);
  const mean = new Float64Array(dimension);
  for (let at = 0; at < vectors.length; at += 1)
    mean[at % dimension] = (mean[at % dimension] ?? 0) + (vectors[at] ?? 0) / count;
  let total = 0;
  for (let at = 0; at < vectors.length; at += 1)
    total += ((vectors[at] ?? 0) - (mean[at % dimension] ?? 0)) ** 2;

  const project = (row: number, axis: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < dimension; i += 1)
      sum += ((vectors[row * dimension + i] ?? 0) - (mean[i] ?? 0)) * (axis[i] ?? 0);
    return sum;
  };
  const axes: Float64Array[] = [];
  let shown = 0;
  for (const which of [0, 1]) {
    let axis = startVector(dimension, which);
    takeAway(axis, axes);
    normalize(axis);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const next = new Float64Array(dimension);
      for (let row = 0; row < count; row += 1) {
        const along = project(row, axis);
        for (let i = 0; i < dimension; i += 1)
          next[i] = (next[i] ?? 0) + along * ((vectors[row * dimension + i] ?? 0) - (mean[i] ?? 0));
        if (row % 256 === 255) await breathe();
      }
      takeAway(next, axes);
      if (normalize(next) <= total * NOISE) break;
      const isSettled = Math.abs(dot(next, axis)) > 1 - SETTLED;
      axis = next;
      if (isSettled) break;
    }
    axes.push(axis);
    const along = Float64Array.from({ length: count }, (_, row) => project(row, axis));
    const variance = dot(along, along);
    if (variance <= total * NOISE) continue; // all rounding: a line has no second axis
    shown += variance;
    const largest = along.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [row, value] of along.entries()) points[row * 2 + which] = value / largest;
  }
  return { points, shownVariance: total > 0 ? Math.min(1, shown / total) : 0 };
}
