import { requireSight } from '#core/models/index.ts';
import type {
  ChatEngine,
  GenerateEvent,
  GenerateRequest,
  TokenCount,
  Usage,
} from '#core/ports/chat-engine.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { createTurns, waitUnlessAborted } from '#shared/turns.ts';
import { type Completion, complete, toServerParams } from './complete.ts';
import { createTokenCounter, type TokenCounter } from './count-tokens.ts';
import { type OpenModel, type OpenModelDeps, openModel } from './open-model.ts';
import { readMessages } from './prompt-messages.ts';
import { generateError } from './to-app-error.ts';

/**
 * Any GGUF model through llama.cpp compiled to WebAssembly, on CPU threads or a real GPU. One model and one call at a
 * time; further calls wait in line. Runs in a worker and keeps llama.cpp in a worker of its own.
 */
export function createWllamaEngine(deps: OpenModelDeps): ChatEngine {
  const takeTurn = createTurns();
  let current: (OpenModel & { readonly counter: TokenCounter }) | undefined;

  function close(): void {
    current?.close();
    current = undefined;
  }

  function require(modelId: string): NonNullable<typeof current> {
    if (current?.loaded.modelId === modelId) return current;
    throw new AppError('model/not-found', `The model ${modelId} is not loaded. Load it first.`);
  }

  return {
    async load(request, options = {}) {
      const endTurn = await takeTurn(options.signal);
      try {
        if (current !== undefined && isSame(current, request)) return current.loaded;
        close();
        const opened = await openModel(request, deps, options);
        const counter = createTokenCounter(opened);
        current = { ...opened, counter };
        return opened.loaded;
      } finally {
        endTurn();
      }
    },

    async *generate(request, options = {}) {
      const { signal } = options;
      const calledAt = performance.now();
      const endTurn = await takeTurn(signal);
      let open: NonNullable<typeof current>;
      try {
        open = require(request.modelId);
      } catch (error) {
        endTurn();
        throw error;
      }
      // The turn ends when llama.cpp is free again, which after an abort may be a token later than the caller's error.
      yield* answer(open, request, calledAt, options, endTurn, () => {
        if (current === open) close();
      });
    },

    async countTokens({ modelId, messages }, { signal } = {}): Promise<TokenCount> {
      const endTurn = await takeTurn(signal);
      try {
        const { counter, log, loaded, request } = require(modelId);
        requireSight(messages, loaded.seesImages === true, request.model.label);
        log.clear();
        return await counter.count(messages).catch((error: unknown) => {
          const context = {
            log: log.text(),
            modelLabel: request.model.label,
            contextTokens: loaded.contextTokens,
          };
          throw generateError(error, context).error;
        });
      } finally {
        endTurn();
      }
    },

    async unload({ modelId }, { signal } = {}) {
      const endTurn = await takeTurn(signal);
      if (current?.loaded.modelId === modelId) close();
      endTurn();
    },
  };
}

function isSame({ request }: OpenModel, other: OpenModel['request']): boolean {
  return (
    request.model.id === other.model.id &&
    request.contextTokens === other.contextTokens &&
    request.device === other.device &&
    request.threads === other.threads
  );
}

async function* answer(
  { wllama, log, request: loadRequest, loaded }: OpenModel,
  request: GenerateRequest,
  calledAt: number,
  { signal, onProgress }: CallOptions,
  endTurn: () => void,
  onFatal: () => void,
): AsyncGenerator<GenerateEvent, void, void> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  let steps: AsyncGenerator<Completion, void, void> | undefined;
  try {
    const { label } = loadRequest.model;
    requireSight(request.messages, loaded.seesImages === true, label);
    const messages = await waitUnlessAborted(readMessages(request.messages, label), signal);
    const params = toServerParams(request, messages);
    const prefill = request.continues === true ? (request.messages.at(-1)?.content ?? '') : '';
    log.clear();
    signal?.addEventListener('abort', onAbort, { once: true });
    steps = complete(wllama, params, prefill, stop.signal);
    let firstTokenAt: number | undefined;
    while (true) {
      const next = steps.next();
      next.catch(() => {}); // after an abort nobody waits for it
      const step = await waitUnlessAborted(Promise.race([log.crash, next]), signal);
      if (step.done === true) throw new Error('The answer ended without its figures');
      if (step.value.type === 'reading') {
        const { done, total } = step.value;
        onProgress?.({ phase: 'process', done, total, unit: 'tokens', label });
        continue;
      }
      firstTokenAt ??= performance.now();
      if (step.value.type === 'text') {
        yield { type: step.value.isReasoning ? 'reasoning-delta' : 'text-delta', text: step.value.text };
        continue;
      }
      const usage = toUsage(step.value.timings, firstTokenAt - calledAt);
      yield { type: 'finish', reason: step.value.reason, usage };
      return;
    }
  } catch (error) {
    const failed = generateError(error, {
      log: log.text(),
      modelLabel: loadRequest.model.label,
      contextTokens: loaded.contextTokens,
    });
    if (failed.isFatal) onFatal();
    throw failed.error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
    void Promise.race([drain(steps), log.crash]).then(endTurn, endTurn);
  }
}

async function drain(steps: AsyncGenerator<Completion, void, void> | undefined): Promise<void> {
  await steps?.return().catch(() => {});
}

function toUsage(timings: Extract<Completion, { type: 'end' }>['timings'], ttftMs: number): Usage {
  return {
    promptTokens: timings.cache_n + timings.prompt_n,
    cachedTokens: timings.cache_n,
    completionTokens: timings.predicted_n,
    ttftMs,
    prefillTokensPerSecond: timings.prompt_n > 0 ? timings.prompt_per_second : 0,
    decodeTokensPerSecond: timings.predicted_n > 1 ? timings.predicted_per_second : 0,
  };
}
