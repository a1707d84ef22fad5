import { unreadablePicture } from '#core/models/index.ts';
import { AppError, isAbort, toAppError } from '#shared/errors.ts';

export interface FailureContext {
  /** What llama.cpp logged while it failed. */
  readonly log: string;
  readonly modelLabel: string;
  readonly contextTokens: number;
}

const OUT_OF_MEMORY =
  /out of memory|failed to allocate|unable to allocate|cannot (?:allocate|enlarge) memory|memory allocation|bad_alloc|failed to (?:create|initialize) (?:the )?(?:context|kv|memory)|cannot allocate webassembly\.memory|array buffer allocation failed|memory access out of bounds/i;
const CONTEXT_EXCEEDED = /\((\d+) tokens\) exceeds the available context size \((\d+) tokens\)/i;
const NOT_A_MODEL =
  /invalid magic|failed to read magic|not a gguf|tensor data.*(?:out of bounds|not within)|failed to (?:read|load) (?:tensor|key|model)|error loading model|corrupted|wrong number of tensors|missing tensor|invalid model/i;
const UNREADABLE_PICTURE = /failed to (?:load|decode|preprocess) image/i;
const UNKNOWN_ARCHITECTURE = /unknown model architecture: '?([^'\s]+)/i;

/** A header that could not be read: the file was stored as a model, so it is damaged, unless its version is too new. */
export function headerError(error: unknown, modelLabel: string): AppError {
  if (!(error instanceof AppError) || error.code !== 'input/invalid') return toAppError(error);
  const { problem, why } = error.details;
  if (problem === 'version')
    return new AppError('input/unsupported', `${modelLabel} cannot be read: ${why}.`, { cause: error });
  return new AppError(
    'model/integrity',
    `The file of ${modelLabel} is not usable: ${why}. Delete it and download it again.`,
    { cause: error, details: error.details },
  );
}

/** A failed load. */
export function loadError(error: unknown, { log, modelLabel, contextTokens }: FailureContext): AppError {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AppError('abort/by-user', 'Cancelled', { cause: error });
  const text = `${messageOf(error)}\n${log}`;
  const details = { log: tail(log), contextTokens };
  const architecture = UNKNOWN_ARCHITECTURE.exec(text)?.[1];
  if (architecture !== undefined)
    return new AppError(
      'input/unsupported',
      `${modelLabel} uses the architecture "${architecture}", which this engine does not know. Choose another model.`,
      { cause: error, details },
    );
  if (OUT_OF_MEMORY.test(text))
    return new AppError(
      'model/out-of-memory',
      `There is not enough memory for ${modelLabel} with a context of ${contextTokens} tokens. Choose a smaller context or a smaller model.`,
      { cause: error, details },
    );
  if (NOT_A_MODEL.test(text))
    return new AppError(
      'model/integrity',
      `The file of ${modelLabel} is damaged or cut short. Delete it and download it again.`,
      { cause: error, details },
    );
  return new AppError('model/load-failed', `${modelLabel} could not be loaded: ${firstLine(text)}`, {
    cause: error,
    details,
  });
}

/** A failed answer. `isFatal` says that the engine is gone and the model has to be loaded again. */
export function generateError(
  error: unknown,
  { log, modelLabel, contextTokens }: FailureContext,
): { readonly error: AppError; readonly isFatal: boolean } {
  if (error instanceof AppError) return { error, isFatal: false };
  if (isAbort(error))
    return { error: new AppError('abort/by-user', 'Cancelled', { cause: error }), isFatal: false };
  const text = `${messageOf(error)}\n${log}`;
  const details = { log: tail(log) };
  const exceeded = CONTEXT_EXCEEDED.exec(text);
  if (exceeded !== null)
    return { error: contextExceeded(Number(exceeded[1]), Number(exceeded[2]), error), isFatal: false };
  if (UNREADABLE_PICTURE.test(messageOf(error)))
    return { error: unreadablePicture(modelLabel, error), isFatal: false };
  if (!isNativeCrash(error)) {
    const message = `${modelLabel} could not answer: ${firstLine(text)}`;
    return { error: new AppError('input/unsupported', message, { cause: error, details }), isFatal: false };
  }
  if (OUT_OF_MEMORY.test(text))
    return {
      error: new AppError(
        'model/out-of-memory',
        `${modelLabel} ran out of memory with a context of ${contextTokens} tokens. Load it again with a smaller context.`,
        { cause: error, details },
      ),
      isFatal: true,
    };
  return {
    error: new AppError('worker/crashed', `The engine of ${modelLabel} stopped. Load the model again.`, {
      cause: error,
      details,
    }),
    isFatal: true,
  };
}

function contextExceeded(promptTokens: number, contextTokens: number, cause?: unknown): AppError {
  return new AppError(
    'model/context-exceeded',
    `The prompt has ${promptTokens} tokens and the context holds ${contextTokens}. Shorten it, or load the model with a larger context.`,
    { details: { promptTokens, contextTokens }, ...(cause === undefined ? {} : { cause }) },
  );
}

/** The wasm module ended (abort, exit, trap), as against a request that it turned down. */
function isNativeCrash(error: unknown): boolean {
  return error instanceof Error && error.name !== 'WllamaError' && !('type' in error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? 'no reason given').trim();
}

function tail(log: string): string {
  return log.split('\n').slice(-12).join('\n');
}
