import { createStore } from 'zustand/vanilla';
import { toAppError, toWire, type WireError } from '#shared/errors.ts';
import { applyAppearance } from './appearance.ts';
import { DEFAULT_SETTINGS, parseSettings, SETTINGS_KEY, type Settings } from './settings.ts';
import type { SettingsDependencies, SettingsState } from './settings-state.ts';

export type SettingsController = ReturnType<typeof createSettingsController>;
export type SettingsChange = Partial<Omit<Settings, 'version'>>;

const wire = (error: unknown): WireError => toWire(toAppError(error));

/** What the user has chosen, the same in all tabs, and what can be done about storage. Knows nothing of React. */
export function createSettingsController(deps: SettingsDependencies) {
  const { settings: repository, changes, applyAppearance: apply = applyAppearance } = deps;
  const store = createStore<SettingsState>(() => ({
    isLoaded: false,
    settings: DEFAULT_SETTINGS,
    isPersistRefused: false,
    deletion: 'idle',
  }));
  /** Writes go one after the other: each starts from what the last one stored. */
  let writing: Promise<void> = Promise.resolve();

  function show(settings: Settings): void {
    const { error: _, ...rest } = store.getState();
    store.setState({ ...rest, isLoaded: true, settings }, true);
    apply(settings);
  }

  async function read(): Promise<void> {
    try {
      show(parseSettings(await repository.get(SETTINGS_KEY)));
    } catch (error) {
      store.setState({ isLoaded: true, error: wire(error) });
    }
  }

  async function write(change: SettingsChange): Promise<void> {
    try {
      // From storage, not from memory: another tab may have changed something else meanwhile.
      await deps.locks.hold(`settings:${SETTINGS_KEY}`, async () => {
        const stored = parseSettings(await repository.get(SETTINGS_KEY));
        await repository.set(SETTINGS_KEY, { ...stored, ...change });
      });
    } catch (error) {
      await read(); // the page shows what is stored, not what was wished for
      store.setState({ error: wire(error) });
    }
  }

  async function readStorage(): Promise<void> {
    try {
      const storage = await deps.readStorage();
      const { storageError: _, ...rest } = store.getState();
      store.setState({ ...rest, storage }, true);
    } catch (error) {
      store.setState({ storageError: wire(error) });
    }
  }

  const unsubscribe = changes.subscribe(({ store: name, ids }) => {
    if (name === 'settings' && (ids.length === 0 || ids.includes(SETTINGS_KEY))) void writing.then(read);
  });
  const ready = read();

  return {
    store,
    /** Resolves once the stored settings are in the store. */
    ready,
    current: (): Settings => store.getState().settings,
    /** Shown at once, then stored; resolves when it is on disk. A refusal is shown and taken back. */
    change(change: SettingsChange): Promise<void> {
      show(parseSettings({ ...store.getState().settings, ...change }));
      writing = writing.then(() => write(change));
      return writing;
    },
    reload: read,
    readStorage,
    async persistStorage(): Promise<void> {
      try {
        const isPersisted = await deps.persistStorage();
        store.setState({ isPersistRefused: !isPersisted });
      } catch (error) {
        store.setState({ storageError: wire(error) });
      }
      await readStorage();
    },
    async deleteEverything(): Promise<void> {
      const { deletionError: _, ...rest } = store.getState();
      store.setState({ ...rest, deletion: 'running' }, true);
      try {
        await deps.deleteEverything();
        store.setState({ deletion: 'done' });
      } catch (error) {
        store.setState({ deletion: 'idle', deletionError: wire(error) });
      }
    },
    dispose: unsubscribe,
  };
}
