import { readMachine } from '#adapters/machine-browser/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner } from '#core/jobs/index.ts';
import { createEngineRoom, hasRealGpu } from '#core/models/index.ts';
import type { EngineName, ModelSpec } from '#core/ports/model.ts';
import { createChatController } from '#features/chat/index.ts';
import { createJobsController } from '#features/jobs/index.ts';
import { createModelShelf, createModelsController, type ModelsController } from '#features/models/index.ts';
import { createLibraryController } from '#features/rag/index.ts';
import { createSettingsController, samplingOf } from '#features/settings/index.ts';
import { createEgressLog, createRecordedFetch } from '#shared/egress.ts';
import type { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import type { Images } from './images.ts';
import { notify } from './notify.ts';
import { offlineGroupsOf } from './offline-groups.ts';
import { startPwa } from './pwa.ts';
import { createSharedEngine } from './shared-engine/shared-engine.ts';
import { persistStorage, readStorage, storageReport } from './storage.ts';
import { createWorkers } from './workers.ts';

export interface StartOptions {
  /** Another tab with an older version holds the storage; called again with false when it let go. */
  readonly onBlocked: () => void;
  /** The storage was closed under this tab: nothing can be stored until it is reloaded. */
  readonly onStorageClosed: (error: AppError) => void;
  /** Resolves when the page was painted: whatever a question can be typed without begins then. */
  readonly painted: Promise<void>;
}

export type Services = Awaited<ReturnType<typeof startServices>>;

/** Everything that runs behind the screens, put together once a page. Errors: storage/*, capability/storage-denied. */
export async function startServices({ onBlocked, onStorageClosed, painted }: StartOptions) {
  const repositories = await openRepositories({ onBlocked, onClosed: onStorageClosed });
  const locks = createWebLocks();
  const egress = createEgressLog();
  const pwa = startPwa();
  const workers = createWorkers();
  const jobs = createJobRunner({ repository: repositories.jobs, changes: repositories.changes, locks });
  const shared = createSharedEngine({
    local: workers.llm,
    locks,
    channel: new BroadcastChannel('benchtop-engine'),
    tabId: createId(),
  });
  const shelf = createModelShelf({
    repositories,
    store: workers.modelStore,
    catalog: async () => (await import('./catalog.ts')).offeredModels,
    machine: readMachine,
    after: painted,
  });
  async function keepOffline(engine: EngineName): Promise<void> {
    const { machine } = shelf.store.getState();
    const groups = offlineGroupsOf(engine, machine !== undefined && hasRealGpu(machine));
    await Promise.all(groups.map(pwa.keepOffline));
  }
  // The room asks the user through the Models feature, which is built on the room.
  let models: ModelsController | undefined;
  const engineRoom = createEngineRoom({
    engine: shared.engine,
    models: shelf.findModel,
    isStored: shelf.isStored,
    plan: shelf.plan,
    settings: repositories.settings,
    storedModels: shelf.storedChatModels,
    onStepDown: (proposal, options) => models?.askStepDown(proposal, options) ?? Promise.resolve(false),
  });
  shared.onNews(engineRoom.adopt);
  models = createModelsController({
    shelf,
    repositories,
    store: workers.modelStore,
    jobs,
    engineRoom,
    async storageOverview() {
      await painted;
      return readStorage(repositories);
    },
    persistStorage,
    async listServerModels(baseUrl, apiKey, signal) {
      const { listServerModels } = await import('#adapters/engine-openai/index.ts');
      return listServerModels(baseUrl, apiKey, createRecordedFetch('Asking a server for its models'), signal);
    },
    keepOffline,
    notify,
  });
  const { library: libraryWorker } = workers;
  const embedder = async (): Promise<ModelSpec | undefined> => {
    await shelf.ready;
    return shelf.embedder();
  };
  const settings = createSettingsController({
    settings: repositories.settings,
    changes: repositories.changes,
    locks,
    readStorage: () => storageReport(shelf.store.getState().stored, shelf.findModel, repositories),
    persistStorage,
    deleteEverything: async () => {
      const { deleteEverything } = await import('./delete-everything.ts');
      await deleteEverything(repositories);
    },
  });
  const chat = createChatController({
    repositories,
    engineRoom,
    library: libraryWorker,
    locks,
    embedder,
    reranker: async () => {
      await shelf.ready;
      return shelf.reranker();
    },
    preparePicture: async (input, options) => (await images()).prepare(input, options),
    notify,
    newChat: () => ({
      systemPrompt: settings.current().systemPrompt,
      sampling: samplingOf(settings.current()),
    }),
  });
  const speech = async () => (await import('./speech.ts')).speechOf(shelf);
  const dictation = {
    speech,
    openMicrophone: async () => (await import('./speech.ts')).openMicrophone(),
  };
  const recognition = async () => ({
    ...(await import('./recognition.ts')).recognitionFiles,
    keepOffline: () => pwa.keepOffline('ocr'),
  });
  const library = createLibraryController({
    repositories,
    library: libraryWorker,
    jobs,
    pages: { open: async (file, options) => (await import('./open-pages.ts')).openPages(file, options) },
    embedder,
    recognition,
    notify,
    persistStorage,
    after: painted,
    speech,
  });
  // Pictures are fetched when they are wanted; a job that a closed tab left goes on without their screen.
  const imageParts = { repositories, workers, jobs, shelf, engineRoom, keepOffline, recognition };
  const images = async (): Promise<Images> => (await import('./images.ts')).imagesOf(imageParts);
  for (const kind of ['image-ingest', 'image-text', 'image-captions'] as const)
    jobs.register(kind, async (job, options) => (await images()).run(job, options));
  const jobList = createJobsController({
    jobs,
    discard: {
      ingest: library.discardJob,
      'image-ingest': async (id) => (await images()).controller.discardJob(id),
    },
  });
  shelf.store.subscribe(() => void library.noteEmbedder());
  await settings.ready;
  // The page does not wait for what is on the shelf: a question asked meanwhile waits with it.
  void chat.start();
  // What a page that crashed left of pictures that nothing shows any more.
  void painted.then(repositories.threads.dropUnusedAttachments).catch(() => undefined);
  void shelf.ready.then(() => jobs.resumeInterrupted());
  return {
    repositories,
    engineRoom,
    libraryWorker,
    egress,
    pwa,
    chat,
    library,
    imageParts,
    images,
    models,
    settings,
    jobList,
    jobs,
    shelf,
    dictation,
  };
}
