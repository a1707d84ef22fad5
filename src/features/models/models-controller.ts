import { createStore } from 'zustand/vanilla';
import type { ModelSpec } from '#core/ports/model.ts';
import { toAppError } from '#shared/errors.ts';
import { formatBytes } from '#ui/format.ts';
import { createLoadOffers } from './load-offers.ts';
import { isOnMirror, starterModels } from './mirror.ts';
import { knownModels } from './model-shelf.ts';
import type { ModelsDependencies, ModelsState, ServerModel } from './models-state.ts';
import { createResidency, engineModelId } from './residency.ts';
import type { ServerChoice } from './servers.ts';
import { createTransfers } from './transfers.ts';

export type ModelsController = ReturnType<typeof createModelsController>;

/** Everything the Models screen, the switcher and the first visit can do. Ports in, a store out; knows no React. */
export function createModelsController(deps: ModelsDependencies) {
  const { shelf, repositories, store: files, engineRoom, notify } = deps;
  const fetchOwn = deps.fetch ?? globalThis.fetch.bind(globalThis);
  const store = createStore<ModelsState>(() => ({
    ...shelf.store.getState(),
    engine: engineRoom.state(),
    transfers: [],
    storage: undefined,
    mirrored: [],
    isOnline: globalThis.navigator?.onLine ?? true,
    loadError: undefined,
    stepDown: undefined,
    searchFocusCount: 0,
    serverDialogCount: 0,
  }));
  const residency = createResidency(deps, store);
  const offers = createLoadOffers(deps, store, (modelId) => void residency.load(modelId));
  const transfers = createTransfers(deps, store, onArrived);
  const stopShelf = shelf.store.subscribe((state) => {
    store.setState(state);
    void readStorage();
  });
  const life = new AbortController();
  let mirrorProbe: Promise<void> | undefined;

  function onArrived(model: ModelSpec, loadsAfter: boolean): void {
    const { status } = store.getState().engine;
    const isFree = status === 'none' || status === 'failed';
    if (model.task !== 'chat') notify(`${model.label} is on this device.`);
    else if (loadsAfter && isFree) void residency.load(model.id);
    else offers.offer(model);
  }

  /** The bar is a help; a browser that does not tell its sizes only lacks it. */
  async function readStorage(): Promise<void> {
    const storage = await deps.storageOverview().catch(() => undefined);
    if (!life.signal.aborted) store.setState({ storage });
  }

  async function probeMirror(): Promise<void> {
    await shelf.ready;
    const { chat, embedder } = starterModels(store.getState().catalog);
    for (const model of [chat, embedder]) {
      const isHere = store
        .getState()
        .stored.some(({ modelId, isComplete }) => isComplete && modelId === model?.id);
      if (!model || isHere || !(await isOnMirror(model, fetchOwn))) continue;
      store.setState({ mirrored: [...store.getState().mirrored, model.id] });
    }
  }

  function onNetwork(): void {
    store.setState({ isOnline: navigator.onLine });
    if (!navigator.onLine) return;
    for (const { jobId, state, error } of store.getState().transfers)
      if (state === 'failed' && error?.code === 'network/offline') void transfers.resume(jobId);
  }
  for (const type of ['online', 'offline'])
    globalThis.addEventListener?.(type, onNetwork, { signal: life.signal });
  void readStorage();

  /** What cannot even be begun has no card to fail at: it is said at the foot of the page. */
  function told<A extends readonly unknown[]>(act: (...input: A) => Promise<void>) {
    return async (...input: A): Promise<void> => {
      try {
        await act(...input);
      } catch (error) {
        notify(toAppError(error).message);
      }
    };
  }

  /** Stops it, deletes its files, and forgets what the user had added. */
  async function remove(modelId: string): Promise<void> {
    const { added, catalog, stored, engine } = store.getState();
    const model = knownModels(added, catalog).get(modelId);
    const bytes = stored.find((entry) => entry.modelId === modelId)?.storedBytes ?? 0;
    try {
      if (engineModelId(engine) === modelId) await engineRoom.unload();
      const transfer = transfers.transferOf(modelId);
      if (transfer) await transfers.stop(transfer);
      if (model?.engine !== 'openai') await files.remove({ modelId });
      if (added.some(({ id }) => id === modelId)) await repositories.models.remove(modelId);
      await shelf.changed();
      const label = model?.label ?? modelId;
      notify(
        model?.engine === 'openai'
          ? `Removed ${label}. Its key was deleted with it.`
          : `Deleted ${label}: ${formatBytes(bytes)} are free again.`,
      );
    } catch (error) {
      notify(`It could not be deleted: ${toAppError(error).message}`);
    }
  }

  return {
    store,
    reload: shelf.refresh,

    download: told(transfers.download),
    importFiles: told(transfers.importFiles),
    pause: told(transfers.pause),
    resume: told(transfers.resume),
    stop: told(transfers.stop),
    takeNewFiles: told(transfers.takeNewFiles),
    dismiss: told(transfers.dismiss),

    load: residency.load,
    cancelLoad: told(residency.cancelLoad),
    unload: told(residency.unload),
    dismissLoadError: (): void => store.setState({ loadError: undefined }),
    askStepDown: residency.askStepDown,
    answerStepDown: residency.answerStepDown,
    remove,

    findModel: shelf.findModel,
    isStored: shelf.isStored,
    storedChatModels: shelf.storedChatModels,
    plan: shelf.plan,
    embedder: shelf.embedder,

    setEmbedder: told(async (id: string | undefined) => {
      const before = shelf.embedder();
      await shelf.setEmbedder(id);
      const after = shelf.embedder();
      if (after && before?.id !== after.id)
        notify(
          `Documents are now indexed with ${after.label}. Those indexed before still answer; the Library offers to re-index them.`,
        );
    }),

    setImageEmbedder: told(async (id: string | undefined) => {
      const before = shelf.imageEmbedder();
      await shelf.setImageEmbedder(id);
      const after = shelf.imageEmbedder();
      if (after && before?.id !== after.id)
        notify(
          `Pictures are now indexed with ${after.label}. Pictures offers to index those from before again.`,
        );
    }),

    /** Asks a server for its models; nothing else is sent. Errors: input/invalid, network/*. */
    async testServer(typed: string, apiKey: string, signal: AbortSignal): Promise<readonly ServerModel[]> {
      const { serverAddress } = await import('./servers.ts');
      return deps.listServerModels(serverAddress(typed), apiKey.trim() || undefined, signal);
    },
    async addServer(choice: ServerChoice): Promise<ModelSpec> {
      const { serverAddress, serverModel } = await import('./servers.ts');
      const model = serverModel({ ...choice, baseUrl: serverAddress(choice.baseUrl) });
      await repositories.models.save(model);
      await shelf.refresh();
      // With its old key, and what it was said to see before; the next question loads it anew.
      if (engineModelId(store.getState().engine) === model.id) await engineRoom.unload();
      return model;
    },

    /** Whether this page's own server has the starter pack; asked once, when it matters. */
    probeMirror(): Promise<void> {
      mirrorProbe ??= probeMirror();
      return mirrorProbe;
    },
    readStorage,
    /** Asks the browser not to clear what is stored; resolves with its answer. */
    async persist(): Promise<void> {
      const isKept = await deps.persistStorage?.();
      await readStorage();
      if (isKept === false)
        notify('The browser did not agree. It may once this page is bookmarked or installed.');
    },
    focusSearch: (): void => store.setState({ searchFocusCount: store.getState().searchFocusCount + 1 }),
    openServerDialog: (): void =>
      store.setState({ serverDialogCount: store.getState().serverDialogCount + 1 }),

    dispose(): void {
      life.abort();
      stopShelf();
      transfers.dispose();
      offers.dispose();
      residency.dispose();
    },
  };
}
