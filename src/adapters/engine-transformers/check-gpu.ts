import { AppError } from '#shared/errors.ts';
import type { ChatGraphs } from './chat-graphs.ts';
import { agree } from './gpu-choice.ts';

/**
 * GPU errors are only logged and garbage looks like an answer: true where no model's logits could look like this (not a
 * number, or all the same).
 */
export function isGarbage(logits: Float32Array): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of logits) {
    if (Number.isNaN(value)) return true;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return !(most > least && most < Number.POSITIVE_INFINITY);
}

export function garbageError(label: string): AppError {
  return new AppError(
    'model/load-failed',
    `${label} computes wrong numbers here. Run it on the CPU, or choose another model.`,
  );
}

/** The CPU is what is left to try: a smaller context does not mend a GPU. */
function wrongGpu(label: string): AppError {
  return new AppError(
    'capability/webgpu-missing',
    `This graphics processor computes wrong numbers for ${label}. Run it on the CPU, or choose another model.`,
    { details: { reason: 'wrong-numbers' } },
  );
}

export interface GpuCheck {
  /** A prompt that stands on a cached beginning gives other logits than the same prompt computed whole. */
  readonly reuseDiffers: boolean;
}

/**
 * Reads a few tokens whole, again on half of them from the cache, and on the CPU, where `openOnCpu` gives graphs for it. A
 * graph that the CPU has no kernels for cannot be compared. Errors: capability/webgpu-missing for a GPU that is wrong.
 */
export async function checkGpu(
  gpu: ChatGraphs,
  probe: readonly number[],
  openOnCpu: () => Promise<ChatGraphs | undefined>,
  label: string,
): Promise<GpuCheck> {
  const read = async (graphs: ChatGraphs, tokens: readonly number[]): Promise<Float32Array> =>
    graphs.decode(tokens, await graphs.embed(tokens));
  const whole = await read(gpu, probe);
  if (isGarbage(whole)) throw wrongGpu(label);
  await gpu.cache.keep(probe.length >> 1);
  const reused = await read(gpu, probe.slice(gpu.cache.length));
  await gpu.cache.keep(0);
  const cpu = await openOnCpu().catch(() => undefined);
  const onCpu = cpu && (await read(cpu, probe).catch(() => undefined));
  await cpu?.release();
  if (onCpu !== undefined && !sameLogits(whole, onCpu)) throw wrongGpu(label);
  return { reuseDiffers: !sameLogits(whole, reused) };
}

/** What they prefer is the same; a constant added to all of them says nothing. */
export function sameLogits(a: Float32Array, b: Float32Array): boolean {
  return agree(direction(a), direction(b), a.length);
}

function direction(logits: Float32Array): Float32Array {
  const mean = logits.reduce((sum, value) => sum + value, 0) / logits.length;
  const centred = logits.map((value) => value - mean);
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
  return centred.map((value) => value / length);
}
