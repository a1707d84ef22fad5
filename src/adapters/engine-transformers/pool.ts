export interface HiddenStates {
  /** Row-major [rows × tokens × dimension]. */
  readonly data: Float32Array;
  readonly tokens: number;
  readonly dimension: number;
}

/**
 * Writes the L2-normalised vector of one row to `target`: of its first token (cls), or the mean of its `length` real
 * tokens; padding never counts. False if the result is no vector (NaN, infinite or zero).
 */
export function poolRow(
  { data, tokens, dimension }: HiddenStates,
  row: number,
  length: number,
  pooling: 'mean' | 'cls',
  target: Float32Array,
): boolean {
  const start = row * tokens * dimension;
  target.set(data.subarray(start, start + dimension));
  if (pooling === 'mean')
    for (let token = 1; token < length; token++) {
      const at = start + token * dimension;
      for (let d = 0; d < dimension; d++) target[d] = (target[d] ?? 0) + (data[at + d] ?? 0);
    }
  let sum = 0;
  for (const value of target) sum += value * value;
  const norm = Math.sqrt(sum);
  if (!(norm > 0 && norm < Number.POSITIVE_INFINITY)) return false;
  for (let d = 0; d < dimension; d++) target[d] = (target[d] ?? 0) / norm;
  return true;
}
