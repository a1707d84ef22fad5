/** What a probe gave on one device: its vectors of length one, row by row, and how long they took. */
export interface Measured {
  readonly vectors: Float32Array;
  readonly dimension: number;
  readonly durationMs: number;
}

/** Every row of the GPU must agree with the CPU's this well (cosine), or it is not used. */
const LEAST_AGREEMENT = 0.995;

/** A GPU can be wrong without an error: it is used only where it gives the CPU's vectors, and sooner. */
export function isGpuBetter(gpu: Measured, cpu: Measured): boolean {
  if (gpu.durationMs >= cpu.durationMs) return false;
  if (gpu.dimension !== cpu.dimension || gpu.vectors.length !== cpu.vectors.length) return false;
  for (let from = 0; from < cpu.vectors.length; from += cpu.dimension) {
    let cosine = 0;
    for (let d = 0; d < cpu.dimension; d++)
      cosine += (gpu.vectors[from + d] ?? 0) * (cpu.vectors[from + d] ?? 0);
    if (!(cosine >= LEAST_AGREEMENT)) return false;
  }
  return true;
}
