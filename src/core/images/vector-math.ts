/** Row `row` of row-major vectors, without a copy. */
export const rowOf = (vectors: Float32Array, row: number, dimension: number): Float32Array =>
  vectors.subarray(row * dimension, (row + 1) * dimension);

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Of length 1; undefined for a vector of zeros, which points nowhere. */
export function normalised(vector: Float32Array): Float32Array | undefined {
  const length = Math.sqrt(dot(vector, vector));
  return length > 1e-9 ? vector.map((value) => value / length) : undefined;
}

/** Σ weight × vector. */
export function weightedSum(
  parts: readonly { readonly weight: number; readonly vector: Float32Array }[],
  dimension: number,
): Float32Array {
  const sum = new Float32Array(dimension);
  for (const { weight, vector } of parts)
    for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + weight * (vector[i] ?? 0);
  return sum;
}

/** One behind the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
