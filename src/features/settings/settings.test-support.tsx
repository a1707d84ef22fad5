import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { EgressLog, EgressRecord } from '#shared/egress.ts';
import type { AppError } from '#shared/errors.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import {
  createSettingsController,
  type SettingsController,
  SettingsScreen,
  type SettingsScreenProps,
  type StorageReport,
} from './index.ts';

/** A tab: settings over a real database, and a browser whose answers the test decides. */
export async function openTab(name: string) {
  const repositories = await openRepositories({ name });
  const browser = {
    storage: {
      segments: [
        { kind: 'model', id: 'qwen', label: 'Qwen3 1.7B', bytes: 1_100_000_000 },
        { kind: 'model', id: 'smol', label: 'SmolLM2 135M', bytes: 98_000_000 },
        { kind: 'documents', id: 'documents', label: 'Documents', bytes: 41_000_000 },
        { kind: 'other', id: 'other', label: 'Threads, index and the app', bytes: 62_000_000 },
        { kind: 'free', id: 'free', label: 'Free', bytes: 3_600_000_000 },
      ],
      usageBytes: 1_301_000_000,
      quotaBytes: 4_901_000_000,
      isPersisted: false,
    } satisfies StorageReport as StorageReport,
    grants: false,
    deletions: 0,
    /** What stands in the way of deleting. */
    obstacle: undefined as AppError | undefined,
  };
  const controller = createSettingsController({
    settings: repositories.settings,
    changes: repositories.changes,
    locks: createWebLocks(),
    readStorage: async () => browser.storage,
    persistStorage: async () => {
      if (browser.grants) browser.storage = { ...browser.storage, isPersisted: true };
      return browser.grants;
    },
    deleteEverything: async () => {
      if (browser.obstacle) throw browser.obstacle;
      browser.deletions += 1;
    },
  });
  await controller.ready;
  return {
    repositories,
    controller,
    browser,
    close(): void {
      controller.dispose();
      repositories.close();
    },
  };
}

export type Tab = Awaited<ReturnType<typeof openTab>>;

export function egressOf(records: readonly EgressRecord[]): EgressLog {
  return { records: () => records, active: () => 0, subscribe: () => () => {} };
}

/** As scripts/security-headers.mjs writes it, with one address named at the start. */
const readTestPolicy = async (): Promise<string> =>
  "default-src 'none'; connect-src 'self' blob: data: https://huggingface.co https://*.hf.co http://127.0.0.1:* http://localhost:* https://gpu.example.org";

/** Puts the screen into the page; `set` changes its props. */
export function showScreen(controller: SettingsController, props: Partial<SettingsScreenProps> = {}) {
  const screen = mountScreen(null);
  let all: SettingsScreenProps = {
    controller,
    section: 'appearance',
    onSectionChange: (section) => set({ section }),
    egress: egressOf([]),
    servers: [],
    readPolicy: readTestPolicy,
    embedders: [],
    embedderId: undefined,
    onEmbedderChange: (embedderId) => set({ embedderId }),
    imageEmbedders: [],
    imageEmbedderId: undefined,
    onImageEmbedderChange: (imageEmbedderId) => set({ imageEmbedderId }),
    commands: [],
    version: '0.1.0',
    ...props,
  };
  function set(change: Partial<SettingsScreenProps>): void {
    all = { ...all, ...change };
    screen.set(<SettingsScreen {...all} />);
  }
  set({});
  return {
    set,
    hide: screen.hide,
  };
}
