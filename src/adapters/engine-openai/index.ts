import { requireSight } from '#core/models/index.ts';
import type { ChatEngine, LoadedModel, PromptMessage } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { createTokenCounter } from './count-tokens.ts';
import { generateRemotely } from './generate.ts';
import { createServerClient, type Fetch, type ServerAddress, type ServerClient } from './server-client.ts';
import { modelsSchema, saysItSees } from './wire.ts';

export interface OpenAiEngineOptions {
  /** Every request goes through this, so that the composition can record what leaves the page. */
  readonly fetch: Fetch;
}

interface Connected {
  readonly model: ModelSpec;
  readonly client: ServerClient;
  readonly countTokens: ReturnType<typeof createTokenCounter>;
  readonly loaded: LoadedModel;
}

/**
 * A chat engine on an OpenAI-compatible server that the user added (vLLM, SGLang, Ray Serve, llama.cpp, Ollama).
 * `load` only asks the server for its models. Text leaves the page, and the device unless the address is loopback.
 */
export function createOpenAiEngine({ fetch }: OpenAiEngineOptions): ChatEngine {
  let connected: Connected | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function use(modelId: string): Connected {
    if (connected?.model.id === modelId) return connected;
    throw new AppError('model/not-found', 'This server is not connected. Load it on the Models screen.', {
      details: { modelId },
    });
  }

  return {
    async load({ model, contextTokens }, options = {}) {
      if (connected?.model.id === model.id) return connected.loaded;
      connected = undefined;
      const startMs = performance.now();
      const { client, ...models } = await askForModels(model, fetch, options.signal);
      const { data } = models;
      const remote = data.find(({ id }) => id === client.modelName);
      if (remote === undefined)
        throw new AppError(
          'model/not-found',
          `${client.baseUrl} does not offer “${client.modelName}”. It has: ${data.map(({ id }) => id).join(', ') || 'no model'}.`,
        );
      const loaded: LoadedModel = {
        modelId: model.id,
        contextTokens: Math.min(contextTokens, remote.max_model_len ?? contextTokens),
        runsOn: 'remote',
        threads: 0,
        placeLabel: new URL(client.baseUrl).origin,
        loadMs: performance.now() - startMs,
        ...(model.seesImages === true || saysItSees(models, client.modelName) ? { seesImages: true } : {}),
      };
      connected = { model, client, countTokens: createTokenCounter(client), loaded };
      return loaded;
    },

    async *generate(input, options = {}) {
      const connection = use(input.modelId);
      refusePictures(connection, input.messages);
      const { client } = connection;
      // One answer at a time, as with the local engines: the caller's order is the order of answers.
      const before = queue;
      let release = (): void => {};
      queue = new Promise<void>((resolve) => {
        release = resolve;
      });
      const stop = new AbortController();
      const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
      try {
        await before;
        signal.throwIfAborted();
        yield* generateRemotely(client, input, signal);
      } catch (error) {
        if (options.signal?.aborted) throw new AppError('abort/by-user', 'Cancelled', { cause: error });
        throw error;
      } finally {
        stop.abort(); // a consumer that left early must not keep the server busy
        release();
      }
    },

    async countTokens({ modelId, messages }, options = {}) {
      const connection = use(modelId);
      refusePictures(connection, messages);
      return connection.countTokens(messages, options.signal);
    },

    async unload({ modelId }) {
      if (connected?.model.id === modelId) connected = undefined;
    },
  };
}

/** Nothing is sent to a server whose model is not known to see. */
function refusePictures({ loaded, model }: Connected, messages: readonly PromptMessage[]): void {
  requireSight(messages, loaded.seesImages === true, model.label);
}

/** An address without `/v1`, as people type it, is tried as it is and then with it: servers differ. */
async function askForModels(model: ServerAddress, fetch: Fetch, signal: AbortSignal | undefined) {
  const client = createServerClient(model, fetch);
  try {
    return { client, ...(await client.json(modelsSchema, 'models', undefined, signal)) };
  } catch (error) {
    const isElsewhere =
      error instanceof AppError && (error.code === 'model/not-found' || error.code === 'input/invalid');
    if (!isElsewhere || /\/v\d+$/.test(client.baseUrl)) throw error;
    const versioned = createServerClient({ ...model, baseUrl: `${client.baseUrl}/v1` }, fetch);
    const answer = await versioned.json(modelsSchema, 'models', undefined, signal).catch(() => undefined);
    if (answer === undefined) throw error;
    return { client: versioned, ...answer };
  }
}

/** Models that a server offers, for the dialog that adds one. Errors: network/*, input/invalid. */
export async function listServerModels(
  baseUrl: string,
  apiKey: string | undefined,
  fetch: Fetch,
  signal?: AbortSignal,
): Promise<readonly { readonly id: string; readonly contextTokens?: number; readonly seesImages?: true }[]> {
  const probe = { baseUrl, remoteModel: '', label: baseUrl, ...(apiKey ? { apiKey } : {}) };
  const models = await askForModels(probe, fetch, signal);
  return models.data.map(({ id, max_model_len }) => ({
    id,
    ...(max_model_len ? { contextTokens: max_model_len } : {}),
    ...(saysItSees(models, id) ? { seesImages: true as const } : {}),
  }));
}
