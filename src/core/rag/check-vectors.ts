import type { Embeddings } from '#core/ports/text-embedder.ts';
import { AppError } from '#shared/errors.ts';

/** A vector of zeros points nowhere, one with NaN is near to nothing: stored, both would hide what they stand for in silence. */
export function checkVectors(
  embeddings: Embeddings,
  wanted: number,
  of: 'text' | 'picture' = 'text',
): Embeddings {
  const { vectors, dimension, count } = embeddings;
  if (count !== wanted || vectors.length !== wanted * dimension)
    throw new AppError('model/integrity', `The embedding model gave another number of vectors than ${of}s.`, {
      details: { wanted, count },
    });
  for (let row = 0; row < count; row++) {
    let norm = 0;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) norm += (vectors[i] ?? 0) ** 2;
    if (Number.isFinite(norm) && norm > 0) continue;
    const what = norm === 0 ? 'only zeros' : 'numbers that are none (NaN)';
    throw new AppError(
      'model/integrity',
      `The embedding model gave ${what} for a ${of}. Try again; if it happens again, choose another embedding model.`,
      { details: { row, what } },
    );
  }
  return embeddings;
}
