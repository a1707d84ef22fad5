import { AppError, isAbort, toAppError } from '#shared/errors.ts';

const OUT_OF_MEMORY =
  /out of memory|bad_alloc|failed to allocate|cannot (?:allocate|enlarge) memory|allocation (?:failed|of)|memory access out of bounds|array buffer allocation/i;
const DEVICE_LOST = /device (?:is |was )?lost|device.*destroyed|GPUDevice/i;
const NOT_A_MODEL =
  /protobuf|parsing failed|invalid model|invalid_graph|load model|unexpected (?:token|end of)|not valid json|has no graph|validate_object|missing (?:required )?keys|tokenizer/i;
const NO_BACKEND =
  /no available backend|initializewebassembly|dynamically imported module|both async and sync fetching/i;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True if the runtime itself did not start: no later call in this thread can succeed. */
export function isRuntimeFailure(error: unknown): boolean {
  return NO_BACKEND.test(messageOf(error));
}

/** A model that did not load. */
export function loadError(error: unknown, label: string): AppError {
  if (error instanceof AppError || isAbort(error)) return toAppError(error);
  const message = messageOf(error);
  const options = { cause: error, details: { message } };
  if (isRuntimeFailure(error))
    return navigator.onLine
      ? new AppError(
          'model/load-failed',
          'The engine for models of this kind did not start. Reload the page.',
          options,
        )
      : new AppError(
          'network/offline',
          'The engine for models of this kind is not on this machine yet. Go online once to get it.',
          options,
        );
  if (OUT_OF_MEMORY.test(message)) return outOfMemory(label, options);
  if (DEVICE_LOST.test(message)) return deviceLost(label, options);
  if (NOT_A_MODEL.test(message))
    return new AppError(
      'model/integrity',
      `The files of ${label} are damaged or not what the engine can read. Delete the model and download it again.`,
      options,
    );
  return new AppError('model/load-failed', `${label} could not be loaded: ${message}`, options);
}

/** An inference that failed. The runtime is in an unknown state afterwards. */
export function inferenceError(error: unknown, label: string): AppError {
  if (error instanceof AppError || isAbort(error)) return toAppError(error);
  const message = messageOf(error);
  const options = { cause: error, details: { message } };
  if (OUT_OF_MEMORY.test(message)) return outOfMemory(label, options);
  if (DEVICE_LOST.test(message)) return deviceLost(label, options);
  return new AppError(
    'worker/crashed',
    `${label} stopped in the middle of its work. It starts again by itself.`,
    options,
  );
}

function outOfMemory(label: string, options: { readonly cause: unknown }): AppError {
  return new AppError(
    'model/out-of-memory',
    `There is not enough memory for ${label}. Unload the chat model, or close other tabs.`,
    options,
  );
}

function deviceLost(label: string, options: { readonly cause: unknown }): AppError {
  return new AppError(
    'model/device-lost',
    `The graphics processor was taken away while ${label} was at work. Try again.`,
    options,
  );
}
