import { createStore } from 'zustand/vanilla';
import { type FitOptions, type FitPlan, loadPlanFit, type MachineProfile } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { ModelStore, StoredModel } from '#core/ports/model-store.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { toAppError, toWire, type WireError } from '#shared/errors.ts';

/** The embedder that the user chose for documents; null = none any more. The only home of this choice. */
const EMBEDDER_KEY = 'models.embedder';
/** The same for pictures. */
const IMAGE_EMBEDDER_KEY = 'models.imageEmbedder';
/** Comes with the product, and reads pictures until the user has a better one. */
const BUNDLED_IMAGE_EMBEDDER = 'emoji-clip';
/** Written when files came or went, so that every tab looks again: the model store itself tells nobody. */
const SHELF_KEY = 'models.shelfChangedAt';
const KEYS: readonly string[] = [EMBEDDER_KEY, IMAGE_EMBEDDER_KEY, SHELF_KEY];

export interface ShelfDependencies {
  readonly repositories: Pick<Repositories, 'models' | 'settings' | 'changes'>;
  readonly store: Pick<ModelStore, 'list'>;
  /** The project's catalog and WebLLM's own list: data of its own, which the page does not wait for. */
  readonly catalog: () => Promise<readonly ModelSpec[]>;
  readonly machine: () => Promise<MachineProfile>;
  /** The first look waits for this. */
  readonly after?: Promise<void>;
  readonly now?: () => number;
}

export interface ShelfState {
  /** The shelf was looked at at least once. */
  readonly isLoaded: boolean;
  /** What is stored could not be read. */
  readonly error: WireError | undefined;
  readonly machine: MachineProfile | undefined;
  /** Every model that is offered; empty until it is read. */
  readonly catalog: readonly ModelSpec[];
  /** Files on this device, partial ones included. */
  readonly stored: readonly StoredModel[];
  /** Imports and servers. */
  readonly added: readonly ModelSpec[];
  readonly chosenEmbedderId: string | undefined;
  readonly chosenImageEmbedderId: string | undefined;
}

export type ModelShelf = ReturnType<typeof createModelShelf>;

const initialState: ShelfState = {
  isLoaded: false,
  error: undefined,
  machine: undefined,
  catalog: [],
  stored: [],
  added: [],
  chosenEmbedderId: undefined,
  chosenImageEmbedderId: undefined,
};

/** A record that the user made; the others only pin what a catalog model's files were at the first download. */
const isUsersOwn = ({ engine, isImported }: ModelSpec): boolean => isImported === true || engine === 'openai';

/** Every model by id: what the user added wins over the catalog's entry. */
export function knownModels(
  added: readonly ModelSpec[],
  catalog: readonly ModelSpec[],
): ReadonlyMap<string, ModelSpec> {
  return new Map([...catalog, ...added].map((model) => [model.id, model]));
}

/**
 * Which models are known, which are here, and how they would run: all that the engine room has to ask. It loads nothing,
 * so that the engine room can be built on it, and the controller on both.
 */
export function createModelShelf(deps: ShelfDependencies) {
  const { repositories, store: files, now = Date.now } = deps;
  const { models, settings, changes } = repositories;
  const store = createStore<ShelfState>(() => initialState);
  let looks = 0;

  async function look(): Promise<Partial<ShelfState>> {
    const chosen = async (key: string): Promise<string | undefined> => {
      const id = await settings.get(key);
      return typeof id === 'string' && id !== '' ? id : undefined;
    };
    const [stored, records, chosenEmbedderId, chosenImageEmbedderId, catalog] = await Promise.all([
      files.list(null),
      models.list(),
      chosen(EMBEDDER_KEY),
      chosen(IMAGE_EMBEDDER_KEY),
      deps.catalog(),
    ]);
    const added = records.filter(isUsersOwn);
    return { stored, added, catalog, chosenEmbedderId, chosenImageEmbedderId, error: undefined };
  }

  /** Reads all again; of two readings that overlap the younger one counts. */
  async function refresh(): Promise<void> {
    const mine = ++looks;
    const [seen, machine] = await Promise.all([
      look().catch((error: unknown): Partial<ShelfState> => ({ error: toWire(toAppError(error)) })),
      deps.machine(),
    ]);
    if (mine === looks) store.setState({ ...seen, machine, isLoaded: true });
  }

  const stopChanges = changes.subscribe(({ store: name, ids }) => {
    const concerns = name === 'models' || (name === 'settings' && ids.some((id) => KEYS.includes(id)));
    if (concerns) void refresh();
  });
  const ready = (deps.after ?? Promise.resolve()).then(refresh);

  async function isStored(id: string): Promise<boolean> {
    return (await files.list(null)).some(({ modelId, isComplete }) => modelId === id && isComplete);
  }

  return {
    store,
    /** Resolves when the shelf was looked at once. */
    ready,
    refresh,
    isStored,

    /** Files came or went: looks again, here and in every other tab. */
    async changed(): Promise<void> {
      await refresh();
      await settings.set(SHELF_KEY, now());
    },

    /** From the user's own, then from the catalog. */
    async findModel(id: string): Promise<ModelSpec | undefined> {
      const record = await models.get(id);
      if (record && isUsersOwn(record)) return record;
      return (await deps.catalog()).find((model) => model.id === id);
    },

    /** Chat models that are complete on this device, newest first. */
    async storedChatModels(): Promise<readonly ModelSpec[]> {
      const [stored, records, catalog] = await Promise.all([files.list(null), models.list(), deps.catalog()]);
      const known = knownModels(records.filter(isUsersOwn), catalog);
      return stored.flatMap(({ modelId, isComplete }) => {
        const model = isComplete ? known.get(modelId) : undefined;
        return model?.task === 'chat' ? [model] : [];
      });
    },

    async plan(model: ModelSpec, options: FitOptions = {}): Promise<FitPlan> {
      const machine = store.getState().machine ?? (await deps.machine());
      const planFit = await loadPlanFit();
      return planFit(model, machine, { isStored: await isStored(model.id), ...options });
    },

    /** What documents are indexed and searched with: the chosen one, else the first that was stored. */
    embedder(): ModelSpec | undefined {
      return embedderOf(store.getState());
    },

    /**
     * What pictures are indexed and searched with: the chosen one, else the first that was stored, else the small one that
     * comes with the product, whose files may not be here yet.
     */
    imageEmbedder(): ModelSpec | undefined {
      return imageEmbedderOf(store.getState());
    },

    /** The first reranker that was stored. */
    reranker(): ModelSpec | undefined {
      const { stored, added, catalog } = store.getState();
      const known = knownModels(added, catalog);
      return stored
        .flatMap(({ modelId, isComplete }) => (isComplete ? (known.get(modelId) ?? []) : []))
        .find(({ task }) => task === 'rerank');
    },

    /** undefined = none is preferred. */
    async setEmbedder(id: string | undefined): Promise<void> {
      await settings.set(EMBEDDER_KEY, id ?? null);
      await refresh();
    },

    /** The same for pictures. */
    async setImageEmbedder(id: string | undefined): Promise<void> {
      await settings.set(IMAGE_EMBEDDER_KEY, id ?? null);
      await refresh();
    },

    dispose(): void {
      looks += 1;
      stopChanges();
    },
  };
}

type Seen = Pick<ShelfState, 'stored' | 'added' | 'catalog'>;

/** Models of a task that are complete here, the one that has been here longest first. */
function hereOf({ stored, added, catalog }: Seen, wanted: ModelSpec['task']): readonly ModelSpec[] {
  const known = knownModels(added, catalog);
  return stored
    .filter(({ isComplete }) => isComplete)
    .toSorted((a, b) => a.addedAt - b.addedAt)
    .flatMap(({ modelId }) => {
      const model = known.get(modelId);
      return model?.task === wanted ? [model] : [];
    });
}

/** The chosen embedder where it is complete here, else the one that has been here longest. */
export function embedderOf(state: Seen & Pick<ShelfState, 'chosenEmbedderId'>): ModelSpec | undefined {
  const here = hereOf(state, 'embed-text');
  return here.find(({ id }) => id === state.chosenEmbedderId) ?? here[0];
}

/** The chosen one where it is complete here, else the longest here of the better ones, else the one of the product. */
export function imageEmbedderOf(
  state: Seen & Pick<ShelfState, 'chosenImageEmbedderId'>,
): ModelSpec | undefined {
  const here = hereOf(state, 'embed-image-text');
  const isBundled = ({ id }: ModelSpec): boolean => id === BUNDLED_IMAGE_EMBEDDER;
  const isChosen = ({ id }: ModelSpec): boolean => id === state.chosenImageEmbedderId;
  return (
    here.find(isChosen) ??
    (state.chosenImageEmbedderId === BUNDLED_IMAGE_EMBEDDER
      ? undefined
      : here.find((model) => !isBundled(model))) ??
    state.catalog.find(isBundled)
  );
}
