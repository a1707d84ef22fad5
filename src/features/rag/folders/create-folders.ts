import { createStore, type StoreApi } from 'zustand/vanilla';
import { toAppError, toWire } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import type { LibraryDependencies, LibraryStore } from '../library-state.ts';
import type { Removal } from '../removal.ts';
import { type ApplyPorts, applyChanges } from './apply-changes.ts';
import { browserFolderAccess } from './folder-access.ts';
import { createFolderRecords, FOLDERS_KEY, type FolderRecord } from './folder-records.ts';
import type { FolderReview, FoldersState, FolderView } from './folder-state.ts';
import {
  changesOf,
  type FolderChange,
  type FoundFile,
  folderError,
  notAllowed,
  scanFolder,
} from './scan-folder.ts';

interface FolderPorts extends Pick<ApplyPorts, 'takeFiles'> {
  readonly deps: LibraryDependencies;
  readonly store: LibraryStore;
  readonly targetCollection: () => Promise<string>;
  readonly removal: Removal;
  readonly offerUndo: (message: string, restore: () => Promise<void>) => void;
}

export type Folders = ReturnType<typeof createFolders>;

/** '2 added, 1 removed'; empty when nothing is. */
function countsInWords(counts: Readonly<Record<FolderChange['kind'], number>>): string {
  return (['added', 'changed', 'removed'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`)
    .join(', ');
}

/** The views of the store, apart from what they do. */
function createViews(store: StoreApi<FoldersState>) {
  return {
    change(id: string, fields: Partial<FolderView>): void {
      const folders = store.getState().folders.map((folder) => {
        if (folder.id !== id) return folder;
        const { error: _, ...rest } = folder;
        return { ...rest, ...fields };
      });
      store.setState({ folders });
    },
    offer(review: FolderReview): void {
      const others = store.getState().reviews.filter(({ folderId }) => folderId !== review.folderId);
      store.setState({ reviews: [...others, review] });
    },
    /** The review that is shown; it goes, and the next one comes. */
    takeReview(): FolderReview | undefined {
      const [first, ...others] = store.getState().reviews;
      store.setState({ reviews: others });
      return first;
    },
    /** What is going on with a folder outlives that its record is read again. */
    show(records: readonly FolderRecord[]): void {
      const { folders, reviews } = store.getState();
      const before = new Map(folders.map((folder) => [folder.id, folder]));
      const here = new Set(records.map(({ id }) => id));
      store.setState({
        reviews: reviews.filter(({ folderId }) => here.has(folderId)),
        folders: records.map(({ id, name, collectionId, lookedAt, files }) => ({
          status: 'idle',
          ...before.get(id),
          id,
          name,
          collectionId,
          lookedAt,
          fileCount: files.length,
        })),
      });
    },
  };
}

/** Folders that are remembered and looked at again. Nothing of them is taken, read again or removed unasked. */
export function createFolders({
  deps,
  store: libraryStore,
  offerUndo,
  removal,
  takeFiles,
  ...ports
}: FolderPorts) {
  const { repositories, notify, now = Date.now } = deps;
  const repository = repositories.library;
  const access = deps.folderAccess ?? browserFolderAccess();
  const records = createFolderRecords(repositories.settings);
  const store = createStore<FoldersState>(() => ({ folders: [], reviews: [] }));
  const views = createViews(store);
  const found = new Map<string, readonly FoundFile[]>();
  const applying: ApplyPorts = {
    repository,
    removal,
    takeFiles,
    reject: (file) => libraryStore.setState({ rejected: [...libraryStore.getState().rejected, file] }),
  };
  const fail = (id: string, error: unknown): void =>
    views.change(id, { status: 'idle', error: toWire(toAppError(error)) });

  async function read(): Promise<void> {
    views.show(await records.list());
  }

  /** A collection that was deleted takes its folders along, once it is too late to undo that. */
  async function sweep(): Promise<void> {
    const collections = new Set((await repository.collections()).map(({ id }) => id));
    for (const { id, collectionId } of await records.list())
      if (!collections.has(collectionId)) await records.remove(id);
  }

  async function scan(record: FolderRecord): Promise<void> {
    views.change(record.id, { status: 'looking' });
    const scanned = await scanFolder(record.handle);
    const changes = changesOf(record.files, scanned);
    const { id: folderId, name } = record;
    found.set(folderId, scanned.files);
    const unreadableCount = scanned.unreadable.length;
    if (changes.length > 0) {
      const isEmpty = scanned.files.length === 0 && unreadableCount === 0;
      // It may have been forgotten while it was looked at.
      if (await records.has(folderId))
        views.offer({ folderId, foundAt: now(), name, changes, isEmpty, unreadableCount });
    } else if (await records.update({ ...record, lookedAt: now() })) {
      notify(`Nothing has changed in “${name}”.`);
    }
    views.change(folderId, { status: 'idle', lookedAt: now() });
  }

  async function withRecord(id: string, act: (record: FolderRecord) => Promise<void>): Promise<void> {
    try {
      const record = await records.get(id);
      if (record) await act(record);
      else await read();
    } catch (error) {
      fail(id, error);
    }
  }

  async function look(id: string): Promise<void> {
    await withRecord(id, async (record) => {
      const permission = (await access?.query(record.handle)) ?? 'granted';
      if (permission === 'granted') await scan(record);
      else views.change(id, { status: 'asking' });
    });
  }

  async function applyTo({ folderId }: FolderReview, chosen: readonly FolderChange[]): Promise<void> {
    await withRecord(folderId, async (record) => {
      const others = (await records.list()).filter(
        ({ id, collectionId }) => id !== record.id && collectionId === record.collectionId,
      );
      const alsoUsed = new Set(
        others.flatMap(({ files }) => files.flatMap(({ documentIds }) => documentIds)),
      );
      const applied = await applyChanges(applying, record, chosen, found.get(record.id) ?? [], alsoUsed);
      if (applied) {
        await records.update({ ...record, files: applied.files, lookedAt: now() });
        const words = countsInWords(applied.counts);
        if (words !== '')
          offerUndo(`“${record.name}”: ${words}.`, async () => {
            await applied.undo();
            await records.update(record);
          });
      }
      views.change(record.id, { status: 'idle' });
    });
    found.delete(folderId);
  }

  let working: Promise<void> = Promise.resolve();
  /** What of the shown review is done. Folders one after the other: each counts what is new in the collection. */
  async function apply(chosen: readonly FolderChange[]): Promise<void> {
    const review = views.takeReview();
    if (review === undefined || chosen.length === 0) return;
    views.change(review.folderId, { status: 'applying' });
    working = working.then(() => applyTo(review, chosen));
    await working;
  }

  async function remember(handle: FileSystemDirectoryHandle): Promise<void> {
    for (const known of await records.list())
      if (await known.handle.isSameEntry(handle)) {
        const collections = await repository.collections();
        if (collections.some(({ id }) => id === known.collectionId)) return look(known.id);
      }
    const { files } = await scanFolder(handle);
    const record: FolderRecord = {
      id: createId(now()),
      name: handle.name,
      handle,
      collectionId: await ports.targetCollection(),
      lookedAt: now(),
      files: [],
    };
    const chosen = files.map(({ path, sizeBytes }) => ({ kind: 'added' as const, path, sizeBytes }));
    // Remembered first: what a crash or a full disk leaves out is found when it is looked at again.
    await records.save(record);
    await read();
    views.change(record.id, { status: 'applying' });
    const applied = await applyChanges(applying, record, chosen, files, new Set()).finally(() =>
      views.change(record.id, { status: 'idle' }),
    );
    if (applied === undefined || !(await records.update({ ...record, files: applied.files }))) return;
    offerUndo(
      `“${record.name}” is remembered: ${countsInWords(applied.counts) || 'nothing in it can be read'}.`,
      async () => {
        await records.remove(record.id);
        await applied.undo();
      },
    );
  }

  const stopChanges = repositories.changes.subscribe(({ store: name, ids }) => {
    if (name === 'settings' && ids.includes(FOLDERS_KEY)) read().catch(() => {}); // the next change reads again
  });
  sweep()
    .then(read)
    .catch((error: unknown) => store.setState({ error: toWire(toAppError(error)) }));

  return {
    store,
    /** Absent where the browser hands out no folder that lasts; its files can still be added once. */
    canRemember: access !== undefined,

    /** Asks for a folder, takes its files into the open collection and remembers it. */
    async add(): Promise<void> {
      const { error: _, ...rest } = store.getState();
      store.setState(rest, true);
      try {
        const handle = await access?.pick();
        if (handle) await remember(handle);
      } catch (error) {
        store.setState({ error: toWire(folderError(error, 'folder')) });
      }
    },
    look,
    /** The user's click for a folder that may no longer be read. */
    async allow(id: string): Promise<void> {
      await withRecord(id, async (record) => {
        const permission = (await access?.request(record.handle)) ?? 'denied';
        if (permission === 'granted') return scan(record);
        views.change(id, { status: 'asking', error: toWire(notAllowed(record.name)) });
      });
    },
    apply,
    leave(): void {
      views.takeReview();
    },
    /** Its documents stay. */
    async forget(id: string): Promise<void> {
      await withRecord(id, async (record) => {
        await records.remove(id);
        offerUndo(`“${record.name}” is no longer looked at. Its documents stay.`, () => records.save(record));
      });
    },
    dismissError(): void {
      const { error: _, ...rest } = store.getState();
      store.setState(rest, true);
    },
    dispose: stopChanges,
  };
}
