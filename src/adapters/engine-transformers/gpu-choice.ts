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
  if (gpu.durationMs >= cpu.durationMs || gpu.dimension !== cpu.dimension) return false;
  return agree(gpu.vectors, cpu.vectors, cpu.dimension);
}

/** True if the rows, each of length one, point the same way. */
export function agree(gpu: Float32Array, cpu: Float32Array, dimension: number): boolean {
  if (gpu.length !== cpu.length) return false;
  for (let from = 0; from < cpu.length; from += dimension) {
    let cosine = 0;
    for (let d = 0; d < dimension; d++) cosine += (gpu[from + d] ?? 0) * (cpu[from + d] ?? 0);
    if (!(cosine >= LEAST_AGREEMENT)) return false;
  }
  return true;
}
