import type { ChatEngine, GenerateEvent, LoadRequest } from '#core/ports/chat-engine.ts';
import { AppError } from '#shared/errors.ts';
import { answer } from './answer.ts';
import { createInferenceTurns } from './inference-turns.ts';
import { type OpenChatModel, openChatModel } from './open-chat-model.ts';
import type { OpenModelDeps } from './open-model.ts';
import { inferenceError, isRuntimeFailure, loadError } from './to-app-error.ts';

export interface TransformersChatDeps extends Pick<OpenModelDeps, 'openFile'> {
  /** An inference failed, or the runtime has to start anew: nothing more can be computed in this thread. */
  readonly onBroken?: (error: AppError) => void;
}

/**
 * Chat models in ONNX, in this very thread: use it in a worker. One model and one call at a time; further calls wait in
 * line.
 */
export function createTransformersChatEngine(deps: TransformersChatDeps): ChatEngine {
  const { startTurn, inTurn, breakDown } = createInferenceTurns(deps.onBroken);
  let current: OpenChatModel | undefined;

  async function close(): Promise<void> {
    const open = current;
    current = undefined;
    await open?.close();
  }

  function require(modelId: string): OpenChatModel {
    if (current?.loaded.modelId === modelId) return current;
    throw new AppError('model/not-found', `The model ${modelId} is not loaded. Load it first.`, {
      details: { modelId },
    });
  }

  /** What this engine did not foresee leaves the runtime in an unknown state. */
  function failed(error: unknown, label: string): AppError {
    const failure = inferenceError(error, label);
    const isForeseen = error instanceof AppError || failure.code === 'abort/by-user';
    if (!isForeseen) breakDown(failure);
    return failure;
  }

  return {
    load: (request, options = {}) =>
      inTurn(options.signal, async () => {
        if (current !== undefined && isSame(current.request, request)) return current.loaded;
        await close();
        try {
          current = await openChatModel(request, deps, options);
          return current.loaded;
        } catch (error) {
          const failure = loadError(error, request.model.label);
          if (isRuntimeFailure(error) || failure.code === 'worker/crashed') breakDown(failure);
          throw failure;
        }
      }),

    async *generate(request, options = {}): AsyncGenerator<GenerateEvent> {
      const calledAt = performance.now();
      const endTurn = await startTurn(options.signal);
      try {
        const open = require(request.modelId);
        yield* answer(open, request, calledAt, options);
      } catch (error) {
        throw failed(error, current?.request.model.label ?? request.modelId);
      } finally {
        endTurn();
      }
    },

    countTokens: ({ modelId, messages }, { signal } = {}) =>
      inTurn(signal, async () => {
        const open = require(modelId);
        try {
          return await open.prompts.count(messages, signal);
        } catch (error) {
          throw failed(error, open.request.model.label);
        }
      }),

    unload: ({ modelId }, { signal } = {}) =>
      inTurn(signal, async () => {
        if (current?.loaded.modelId === modelId) await close();
      }),
  };
}

function isSame(a: LoadRequest, b: LoadRequest): boolean {
  return (
    a.model.id === b.model.id &&
    a.contextTokens === b.contextTokens &&
    a.device === b.device &&
    a.threads === b.threads
  );
}
