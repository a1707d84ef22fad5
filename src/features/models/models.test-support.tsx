import type { ReactNode } from 'react';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import { createJobRunner } from '#core/jobs/index.ts';
import { createEngineRoom, type MachineProfile } from '#core/models/index.ts';
import type { ChatEngine, LoadRequest } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { ModelStore } from '#core/ports/model-store.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import { toast } from '#ui/toast.tsx';
import { createModelShelf, createModelsController } from './index.ts';

/** A laptop with an integrated GPU. */
export const LAPTOP: MachineProfile = {
  gpu: {
    vendor: 'intel',
    architecture: 'gen-12lp',
    isFallbackAdapter: false,
    hasShaderF16: true,
    maxBufferSizeBytes: 2 ** 32,
    maxStorageBufferBindingSizeBytes: 2 ** 31,
    maxComputeWorkgroupStorageSizeBytes: 32_768,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxStorageBuffersPerShaderStage: 10,
  },
  cores: 8,
  deviceMemoryGiB: 8,
  storage: { quotaBytes: 120e9, usageBytes: 0.2e9 },
  isIsolated: true,
  isMobile: false,
  browser: 'chromium',
  platform: 'windows',
  hasOpfs: true,
  hasWasmMemory64: true,
  hasWasmJspi: true,
};

/** The same laptop without WebGPU. */
export const OLD_LAPTOP: MachineProfile = (({ gpu: _, ...rest }) => rest)(LAPTOP);

/** An engine whose memory can be made small: what it does when it is full is what the step-down is about. */
function createSmallEngine(room: { bytes: number }, gate: { wait: Promise<void> }): ChatEngine {
  let loaded: LoadRequest | undefined;
  return {
    async load({ model, contextTokens, device, threads }, { signal, onProgress } = {}) {
      onProgress?.({ phase: 'load', done: 1, total: 4, unit: 'fraction', label: model.label });
      await Promise.race([
        gate.wait,
        new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new AppError('abort/by-user', 'Cancelled'))),
        ),
      ]);
      if (contextTokens * 1000 > room.bytes)
        throw new AppError('model/out-of-memory', `${model.label} needs more memory than there is.`);
      loaded = { model, contextTokens, device, threads };
      return {
        modelId: model.id,
        contextTokens,
        runsOn: model.engine === 'openai' ? 'remote' : 'wasm',
        threads,
        placeLabel:
          model.engine === 'openai' ? new URL(model.baseUrl ?? '').origin : `WASM, ${threads} threads`,
        loadMs: 1,
        ...(model.seesImages ? { seesImages: true as const } : {}),
      };
    },
    // biome-ignore lint/correctness/useYield: no test of the models feature generates
    async *generate() {
      throw new AppError('input/unsupported', 'This engine only loads.');
    },
    countTokens: () => Promise.reject(new AppError('input/unsupported', 'This engine only loads.')),
    async unload({ modelId }) {
      if (loaded?.model.id === modelId) loaded = undefined;
    },
  };
}

/** A real store of files in a worker of its own; one for all tests of a page. */
const worker = createWorkerHandle<ModelStore>({
  name: 'models',
  contract: modelStoreContract,
  spawn: () =>
    new Worker(new URL('../../../workers/models/models.worker.ts', import.meta.url), { type: 'module' }),
});

export interface TestModelsOptions {
  readonly catalog: readonly ModelSpec[];
  readonly machine?: MachineProfile;
  readonly name?: string;
  /** What the hub states of a model's files: no test asks the real one. */
  readonly hub?: ModelStore['filesOf'];
}

function withHub(filesOf: ModelStore['filesOf']): ModelStore {
  const { client } = worker;
  return {
    filesOf,
    list: (...call) => client.list(...call),
    download: (...call) => client.download(...call),
    importFile: (...call) => client.importFile(...call),
    openFile: (...call) => client.openFile(...call),
    remove: (...call) => client.remove(...call),
  };
}

/** The whole feature over a real database, real jobs and real files; what it needs from an engine is its memory. */
export async function makeModels({ catalog, machine = LAPTOP, name, hub }: TestModelsOptions) {
  const database = name ?? `models-test-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name: database });
  const store = hub ? withHub(hub) : worker.client;
  const jobs = createJobRunner({
    repository: repositories.jobs,
    changes: repositories.changes,
    locks: createWebLocks(database),
  });
  const memory = { bytes: 1e9 };
  const gate = { wait: Promise.resolve() };
  const notes: string[] = [];
  const kept: string[] = [];
  const shelf = createModelShelf({
    repositories,
    store,
    catalog: async () => catalog,
    machine: async () => machine,
  });
  const engineRoom = createEngineRoom({
    engine: createSmallEngine(memory, gate),
    models: shelf.findModel,
    isStored: shelf.isStored,
    plan: shelf.plan,
    settings: repositories.settings,
    storedModels: shelf.storedChatModels,
    onStepDown: (proposal, options) => controller.askStepDown(proposal, options),
  });
  const controller = createModelsController({
    shelf,
    repositories,
    store,
    jobs,
    engineRoom,
    storageOverview: async () => {
      const { quota = 0, usage = 0 } = await navigator.storage.estimate();
      return { quotaBytes: quota, usageBytes: usage, documentsBytes: 0, isPersisted: false };
    },
    persistStorage: async () => true,
    listServerModels: async (baseUrl) => {
      if (!baseUrl.includes('127.0.0.1'))
        throw new AppError('network/failed', `${new URL(baseUrl).host} could not be reached.`);
      return [{ id: 'big-model', contextTokens: 32_768 }, { id: 'other-model' }];
    },
    keepOffline: async (engine) => void kept.push(engine),
    notify: (message, action) => {
      notes.push(message);
      return toast({ message, ...(action ? { action, onGone: action.onGone } : {}) });
    },
  });
  await shelf.ready;
  return {
    database,
    repositories,
    store,
    jobs,
    shelf,
    engineRoom,
    controller,
    notes,
    kept,
    memory,
    gate,
    /** As a closed tab would: nothing is stopped in an orderly way. */
    async close() {
      controller.dispose();
      shelf.dispose();
      jobs.dispose();
      await until(async () => !(await isAnyJobHeld(database)));
      repositories.close();
    },
  };
}

async function isAnyJobHeld(database: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name?.startsWith(`${database}:job:`));
}

export type TestModels = Awaited<ReturnType<typeof makeModels>>;

/** Nothing of one test's files is there in the next. */
export async function removeAllFiles(): Promise<void> {
  for (const { modelId } of await worker.client.list(null)) await worker.client.remove({ modelId });
}

/** A small real GGUF: a header, one tensor, and its data. */
export function tinyGguf(name: string): File {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const number = (value: number, bytes: 4 | 8): void => {
    const view = new DataView(new ArrayBuffer(bytes));
    if (bytes === 8) view.setBigUint64(0, BigInt(value), true);
    else view.setUint32(0, value, true);
    parts.push(new Uint8Array(view.buffer));
  };
  const string = (text: string): void => {
    const bytes = encoder.encode(text);
    number(bytes.length, 8);
    parts.push(bytes);
  };
  const metadata = (key: string, value: string | number): void => {
    string(key);
    number(typeof value === 'string' ? 8 : 4, 4);
    if (typeof value === 'string') string(value);
    else number(value, 4);
  };
  parts.push(encoder.encode('GGUF'));
  number(3, 4);
  number(1, 8);
  number(3, 8);
  metadata('general.architecture', 'llama');
  metadata('general.name', 'Tiny');
  metadata('llama.context_length', 2048);
  string('token_embd.weight');
  number(2, 4);
  number(32, 8);
  number(8, 8);
  number(0, 4);
  number(0, 8);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  parts.push(new Uint8Array(Math.ceil(length / 32) * 32 - length));
  parts.push(new Uint8Array(32 * 8 * 4));
  return new File(parts as Uint8Array<ArrayBuffer>[], name);
}

/** Puts something into the page; returns what takes it away. */
export const show = (children: ReactNode): (() => void) => mountScreen(children).hide;
