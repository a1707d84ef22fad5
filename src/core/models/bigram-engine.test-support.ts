import type {
  ChatEngine,
  GenerateEvent,
  GenerateRequest,
  LoadedModel,
  LoadRequest,
} from '#core/ports/chat-engine.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { kvBytesPerToken, residentBytes } from './model-size.ts';

const words = (text: string): string[] => text.match(/\S+/g) ?? [];
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

export interface BigramEngine extends ChatEngine {
  /** Bytes held now. */
  heldBytes(): number;
  readonly log: readonly string[];
  /** Ends the GPU under the running model, as a driver reset does. */
  loseDevice(): void;
  /** A load waits here until the promise resolves. */
  holdLoads(until: Promise<void>): void;
}

/**
 * A reference ChatEngine: the next word is the one that followed the last word most often in the conversation so far, with a
 * window of `contextTokens` words. It really keeps to its memory: a load takes weights and KV cache from a pool and fails
 * when the pool of its device is too small.
 */
export function createBigramEngine(pool: {
  readonly gpuBytes: number;
  readonly cpuBytes: number;
}): BigramEngine {
  const log: string[] = [];
  let loaded: (LoadedModel & { readonly bytes: number }) | undefined;
  let isLost = false;
  let hold: Promise<void> | undefined;

  function need(modelId: string): LoadedModel {
    if (isLost) throw new AppError('model/device-lost', 'The GPU was reset. Load the model again.');
    if (loaded?.modelId !== modelId) throw new AppError('model/not-found', `${modelId} is not loaded.`);
    return loaded;
  }

  async function load(input: LoadRequest, { signal, onProgress }: CallOptions = {}): Promise<LoadedModel> {
    log.push(`load ${input.model.id} ${input.device} ${input.contextTokens}`);
    throwIfAborted(signal);
    loaded = undefined;
    if (input.device === 'gpu' && pool.gpuBytes === 0) {
      throw new AppError('capability/webgpu-missing', 'This browser has no WebGPU.');
    }
    const bytes = residentBytes(input.model, input.contextTokens);
    const room = input.device === 'gpu' ? pool.gpuBytes : pool.cpuBytes;
    onProgress?.({ phase: 'load', done: 0, total: bytes, unit: 'bytes', label: input.model.label });
    await hold;
    await tick();
    throwIfAborted(signal);
    if (bytes > room) {
      throw new AppError(
        'model/out-of-memory',
        `${input.model.label} wants ${bytes} bytes; there are ${room}.`,
        {
          details: { kvBytes: input.contextTokens * kvBytesPerToken(input.model) },
        },
      );
    }
    onProgress?.({ phase: 'load', done: bytes, total: bytes, unit: 'bytes', label: input.model.label });
    isLost = false;
    loaded = {
      modelId: input.model.id,
      contextTokens: input.contextTokens,
      runsOn: input.device === 'gpu' ? 'webgpu' : 'wasm',
      threads: input.threads,
      placeLabel: input.device === 'gpu' ? 'WebGPU' : `WASM, ${input.threads} threads`,
      loadMs: 1,
      bytes,
    };
    return loaded;
  }

  async function* generate(
    input: GenerateRequest,
    { signal }: CallOptions = {},
  ): AsyncGenerator<GenerateEvent> {
    need(input.modelId);
    const history = input.messages.flatMap((message) => words(message.content));
    const promptTokens = history.length;
    const limit = input.sampling.maxTokens || Number.POSITIVE_INFINITY;
    let written = 0;
    try {
      for (; written < limit; written++) {
        await tick();
        throwIfAborted(signal);
        const { contextTokens } = need(input.modelId);
        const window = history.slice(-contextTokens);
        const next = mostFrequentFollower(window);
        if (next === undefined) break;
        history.push(next);
        yield { type: 'text-delta', text: `${next} ` };
      }
    } finally {
      log.push(`end ${input.modelId} ${written > 0 ? 'after text' : 'empty'}`);
    }
    const usage = {
      promptTokens,
      cachedTokens: 0,
      completionTokens: written,
      ttftMs: 1,
      prefillTokensPerSecond: 1000,
      decodeTokensPerSecond: 1000,
    };
    yield { type: 'finish', reason: written >= limit ? 'length' : 'stop', usage };
  }

  return {
    load,
    generate,
    async countTokens({ modelId, messages }) {
      need(modelId);
      const perMessage = messages.map((message) => words(message.content).length);
      return { perMessage, total: perMessage.reduce((sum, n) => sum + n, 0), isExact: true };
    },
    async unload({ modelId }) {
      log.push(`unload ${modelId}`);
      if (loaded?.modelId === modelId) loaded = undefined;
    },
    heldBytes: () => loaded?.bytes ?? 0,
    log,
    loseDevice: () => {
      isLost = true;
      loaded = undefined;
    },
    holdLoads: (until) => {
      hold = until;
    },
  };
}

function mostFrequentFollower(window: readonly string[]): string | undefined {
  const last = window.at(-1);
  const counts = new Map<string, number>();
  for (let i = 0; i + 1 < window.length; i++) {
    const follower = window[i + 1];
    if (window[i] === last && follower !== undefined) counts.set(follower, (counts.get(follower) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b))[0]?.[0];
}
