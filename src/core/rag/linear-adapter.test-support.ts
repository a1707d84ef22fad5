import type { EmbeddingAdapter } from '#core/ports/embedding-adapter.ts';
import { AppError } from '#shared/errors.ts';

/** A reference adapter: each row times a matrix [outputDimension × inputDimension], then brought to length one. */
export function createLinearAdapter(weights: Float32Array, inputDimension: number): EmbeddingAdapter {
  const outputDimension = weights.length / inputDimension;
  let hash = 2166136261;
  for (const byte of new Uint8Array(weights.buffer)) hash = Math.imul(hash ^ byte, 16777619);
  return {
    fingerprint: `linear-${(hash >>> 0).toString(16)}`,
    inputDimension,
    outputDimension,
    async apply({ vectors, dimension, count }, { signal } = {}) {
      if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled');
      if (dimension !== inputDimension)
        throw new AppError(
          'input/invalid',
          `This adapter takes ${inputDimension} numbers, not ${dimension}.`,
        );
      const adapted = new Float32Array(count * outputDimension);
      for (let row = 0; row < count; row++) {
        const values = Array.from({ length: outputDimension }, (_, out) => {
          let sum = 0;
          for (let i = 0; i < dimension; i++)
            sum += (weights[out * dimension + i] ?? 0) * (vectors[row * dimension + i] ?? 0);
          return sum;
        });
        const norm = Math.hypot(...values) || 1;
        adapted.set(
          values.map((value) => value / norm),
          row * outputDimension,
        );
      }
      return { vectors: adapted, dimension: outputDimension, count };
    },
  };
}

/** Weights that are always the same for a seed. */
export function sampleWeights(outputDimension: number, inputDimension: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: outputDimension * inputDimension }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
