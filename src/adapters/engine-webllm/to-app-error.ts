import { AppError, isAbort } from '#shared/errors.ts';

export interface FailedLoad {
  readonly modelLabel: string;
  readonly contextTokens: number;
  /** What the GPU reported meanwhile. */
  readonly gpuError: GPUError | undefined;
  readonly isAborted: boolean | undefined;
}

const OUT_OF_MEMORY =
  /out of memory|allocation failed|memory access out of bounds|cannot (?:grow|enlarge) memory|exceeds (?:the )?(?:limit|max)|too large/i;
const WRONG_VERSION =
  /undefined symbol|cannot find (?:function|global)|unknown module|import|ABI|not a function/i;

/** A failed load. The library's own errors are plain strings, classes by name, or whatever its wasm threw. */
export function loadError(error: unknown, failed: FailedLoad): AppError {
  const { modelLabel, contextTokens, gpuError } = failed;
  if (failed.isAborted || isAbort(error)) return new AppError('abort/by-user', 'Cancelled', { cause: error });
  const text = messageOf(error);
  const details = { contextTokens, reason: text, ...(gpuError ? { gpuError: gpuError.message } : {}) };
  const isGivenUp =
    error instanceof AppError && error.code === 'model/device-lost' && error.details.reason === 'destroyed';
  const isGpuFull = typeof GPUOutOfMemoryError !== 'undefined' && gpuError instanceof GPUOutOfMemoryError;
  if (isGivenUp || isGpuFull || (!(error instanceof AppError) && OUT_OF_MEMORY.test(text)))
    return new AppError(
      'model/out-of-memory',
      `There is not enough graphics memory for ${modelLabel} with a context of ${contextTokens} tokens. Choose a smaller context or a smaller model.`,
      { cause: error, details },
    );
  if (error instanceof AppError) return error;
  if (
    /WebGPU(?:NotAvailable|NotFound)Error|Cannot initialize runtime|compatible GPU/.test(nameOf(error) + text)
  )
    return new AppError(
      'capability/webgpu-missing',
      `This graphics processor cannot run ${modelLabel}: ${firstLine(text)}`,
      { cause: error, details },
    );
  if (
    error instanceof WebAssembly.CompileError ||
    error instanceof WebAssembly.LinkError ||
    WRONG_VERSION.test(text)
  )
    return new AppError(
      'model/integrity',
      `The library of ${modelLabel} is damaged, or made for another version of WebLLM. Delete the model and download it again.`,
      { cause: error, details },
    );
  return new AppError('model/load-failed', `${modelLabel} could not be loaded: ${firstLine(text)}`, {
    cause: error,
    details,
  });
}

/** A failed answer. */
export function generateError(error: unknown, modelLabel: string): AppError {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AppError('abort/by-user', 'Cancelled', { cause: error });
  const text = messageOf(error);
  if (nameOf(error) === 'GrammarMatcherInitError')
    return new AppError('input/unsupported', `This JSON Schema cannot be enforced: ${firstLine(text)}`, {
      cause: error,
    });
  return new AppError('worker/crashed', `${modelLabel} stopped: ${firstLine(text)}. Load the model again.`, {
    cause: error,
  });
}

/** The GPU computed nonsense; nothing that it said since can be trusted. */
export function garbageError(modelLabel: string, gpuError?: GPUError): AppError {
  return new AppError(
    'model/load-failed',
    `This graphics processor computes wrong numbers for ${modelLabel}. Choose another model, or one for the CPU.`,
    { details: gpuError ? { gpuError: gpuError.message } : {} },
  );
}

export function contextExceeded(promptTokens: number, contextTokens: number): AppError {
  return new AppError(
    'model/context-exceeded',
    `The prompt has ${promptTokens} tokens and the context holds ${contextTokens}. Shorten it, or load the model with a larger context.`,
    { details: { promptTokens, contextTokens } },
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? 'no reason given').trim();
}
