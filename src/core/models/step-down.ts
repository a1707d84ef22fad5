import type { ModelSpec } from '#core/ports/model.ts';
import type { AppError, ErrorCode } from '#shared/errors.ts';
import type { FitPlan } from './plan-fit.ts';

/** One way to load a model. */
export interface LoadAttempt {
  readonly model: ModelSpec;
  readonly contextTokens: number;
  readonly device: 'gpu' | 'cpu';
  readonly threads: number;
}

/** What failed, and the next smaller thing that could work. Nothing of it happens before the user says yes. */
export interface StepDownProposal {
  readonly kind: 'smaller-context' | 'cpu' | 'smaller-model';
  readonly failed: LoadAttempt;
  readonly error: AppError;
  readonly next: LoadAttempt;
  /** What would be done, as a sentence for the dialog. */
  readonly words: string;
}

/** Below this a conversation does not hold a question, its sources and an answer. */
const LEAST_CONTEXT_TOKENS = 1024;

/** Too little memory, or a failure that too little memory can look like. */
const MEMORY_CODES: readonly ErrorCode[] = ['model/out-of-memory', 'model/load-failed', 'worker/crashed'];
/** The GPU is the trouble: no context is small enough. */
const GPU_CODES: readonly ErrorCode[] = ['capability/webgpu-missing', 'model/device-lost'];

/** A failure after which something smaller may work. A wrong hash or a missing network is not one. */
export function canStepDown(error: AppError): boolean {
  return MEMORY_CODES.includes(error.code) || GPU_CODES.includes(error.code);
}

function smallerContext(attempt: LoadAttempt): LoadAttempt | undefined {
  const half = Math.floor(attempt.contextTokens / 2);
  return half < LEAST_CONTEXT_TOKENS ? undefined : { ...attempt, contextTokens: half };
}

/**
 * The next step after a failed attempt: a smaller context (only where memory may be the cause), then the CPU, then the
 * largest smaller model that is stored. Undefined: nothing is left to try.
 *
 * `stored` are models that are here; `planOf` plans one of them.
 */
export async function proposeStepDown(
  failed: LoadAttempt,
  error: AppError,
  stored: readonly ModelSpec[],
  planOf: (model: ModelSpec) => Promise<FitPlan>,
): Promise<StepDownProposal | undefined> {
  if (!canStepDown(error)) return undefined;
  const base = { failed, error };
  const smaller = MEMORY_CODES.includes(error.code) ? smallerContext(failed) : undefined;
  if (smaller) {
    const words = `Load ${failed.model.label} with a context of ${smaller.contextTokens} tokens instead of ${failed.contextTokens}: it then remembers less of a long conversation.`;
    return { kind: 'smaller-context', ...base, next: smaller, words };
  }
  if (failed.device === 'gpu' && failed.model.needs.gpu !== 'required') {
    const next: LoadAttempt = { ...failed, device: 'cpu' };
    return {
      kind: 'cpu',
      ...base,
      next,
      words: `Run ${failed.model.label} on the CPU instead of the GPU: slower, but it needs no GPU memory.`,
    };
  }
  for (const model of smallerModels(failed.model, stored)) {
    const plan = await planOf(model);
    const isSameTrouble = GPU_CODES.includes(error.code) && plan.device === 'gpu';
    if (plan.fits === 'no' || isSameTrouble) continue;
    const next = { model, contextTokens: plan.contextTokens, device: plan.device, threads: plan.threads };
    return {
      kind: 'smaller-model',
      ...base,
      next,
      words: `Load ${model.label} instead, which is smaller and stored on this device.`,
    };
  }
  return undefined;
}

function smallerModels(failed: ModelSpec, stored: readonly ModelSpec[]): readonly ModelSpec[] {
  return stored
    .filter((model) => model.task === 'chat' && model.engine !== 'openai' && model.id !== failed.id)
    .filter((model) => model.needs.memoryBytes < failed.needs.memoryBytes)
    .toSorted((a, b) => b.needs.memoryBytes - a.needs.memoryBytes || a.id.localeCompare(b.id));
}
