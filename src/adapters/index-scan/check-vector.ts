import { AppError } from '#shared/errors.ts';

/** Vectors are L2-normalised by the port's promise; a quantized store may be off by this much. */
const LENGTH_TOLERANCE = 0.02;
const LEAST = (1 - LENGTH_TOLERANCE) ** 2;
const MOST = (1 + LENGTH_TOLERANCE) ** 2;

function refuse(message: string, details: Readonly<Record<string, unknown>>): never {
  throw new AppError('input/invalid', message, { details });
}

function checkVector(vector: Float32Array, from: number, dimension: number): void {
  let sum = 0;
  for (let i = from; i < from + dimension; i++) sum += (vector[i] as number) * (vector[i] as number);
  if (sum >= LEAST && sum <= MOST) return; // false for NaN
  refuse('A vector of this text is broken (not a number, or not of length 1). Index the document again.', {
    length: Math.sqrt(sum),
  });
}

export function checkDimension(dimension: number): void {
  if (!Number.isInteger(dimension) || dimension < 1) refuse('An index needs a dimension.', { dimension });
}

export function checkQuery(query: Float32Array, dimension: number): void {
  if (query.length !== dimension)
    refuse(`The query has ${query.length} numbers, this index ${dimension}.`, { dimension });
  checkVector(query, 0, dimension);
}

/** All of a batch before any of it is taken in. */
export function checkRows(keys: ArrayLike<number>, vectors: Float32Array, dimension: number): void {
  const count = keys.length;
  if (vectors.length !== count * dimension)
    refuse(`These vectors do not have ${dimension} numbers each.`, { count, numbers: vectors.length });
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number;
    if (key >>> 0 !== key) refuse('A key of an index is a whole number of 32 bits.', { key });
    checkVector(vectors, i * dimension, dimension);
  }
}
