import type { ChatEngine, GenerateEvent, LoadedModel } from '#core/ports/chat-engine.ts';
import type { EngineName } from '#core/ports/model.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import { createTurns, waitUnlessAborted } from '#shared/turns.ts';

/** How each engine is made; called at its first use only, so that its code is fetched only then. */
export type EngineMakers = Partial<Record<EngineName, () => Promise<ChatEngine>>>;

interface Resident {
  readonly name: EngineName;
  readonly modelId: string;
  readonly engine: ChatEngine;
}

/**
 * Several engines behind one door: a model goes to the engine that its spec names. At most one model is resident over
 * all engines: before another engine loads, the one that has a model gives it up.
 */
export function createEngineRouter(makers: EngineMakers): ChatEngine {
  const takeTurn = createTurns();
  const engines = new Map<EngineName, Promise<ChatEngine>>();
  let resident: Resident | undefined;

  function engineOf(name: EngineName): Promise<ChatEngine> {
    const known = engines.get(name);
    if (known !== undefined) return known;
    const making = make(name, makers[name]);
    engines.set(name, making);
    making.catch(() => engines.delete(name)); // the network may be back at the next try
    return making;
  }

  function holderOf(modelId: string): ChatEngine {
    if (resident?.modelId === modelId) return resident.engine;
    throw new AppError('model/not-found', `The model ${modelId} is not loaded. Load it first.`, {
      details: { modelId },
    });
  }

  return {
    async load(request, options = {}): Promise<LoadedModel> {
      const endTurn = await takeTurn(options.signal);
      try {
        const { id: modelId, engine: name } = request.model;
        const engine = await waitUnlessAborted(engineOf(name), options.signal);
        const before = resident;
        resident = undefined;
        if (before !== undefined && before.name !== name)
          await before.engine.unload({ modelId: before.modelId });
        const loaded = await engine.load(request, options);
        resident = { name, modelId, engine };
        return loaded;
      } finally {
        endTurn();
      }
    },

    async *generate(request, options): AsyncGenerator<GenerateEvent> {
      yield* holderOf(request.modelId).generate(request, options);
    },

    async countTokens(input, options) {
      return holderOf(input.modelId).countTokens(input, options);
    },

    async unload({ modelId }, options = {}) {
      const endTurn = await takeTurn(options.signal);
      try {
        if (resident?.modelId !== modelId) return;
        await resident.engine.unload({ modelId }, options);
        resident = undefined;
      } finally {
        endTurn();
      }
    },
  };
}

async function make(name: EngineName, maker: EngineMakers[EngineName]): Promise<ChatEngine> {
  if (maker === undefined)
    throw new AppError('input/unsupported', `The engine “${name}” does not run chat models.`);
  try {
    return await maker();
  } catch (error) {
    if (error instanceof AppError || isAbort(error)) throw error;
    throw new AppError(
      'model/load-failed',
      `The engine “${name}” could not be fetched. Check the connection, reload the page and try again.`,
      { cause: error },
    );
  }
}
