import type { SettingsRepository } from '#core/ports/repositories.ts';

/** A file of a folder as it was when it was last taken in. */
export interface KnownFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  /** Empty when nothing in it can be read: it is not offered again until it changes. */
  readonly documentIds: readonly string[];
}

export interface FolderRecord {
  readonly id: string;
  readonly name: string;
  readonly handle: FileSystemDirectoryHandle;
  readonly collectionId: string;
  readonly lookedAt: number;
  readonly files: readonly KnownFile[];
}

/** The ids of all folders; each has a value of its own, because the list of its files may be long. */
export const FOLDERS_KEY = 'library-folders';
const keyOf = (id: string): string => `library-folder:${id}`;

function isRecord(value: unknown): value is FolderRecord {
  const record = value as Partial<FolderRecord> | undefined;
  return (
    typeof record?.id === 'string' &&
    typeof record.name === 'string' &&
    typeof record.collectionId === 'string' &&
    Array.isArray(record.files) &&
    record.handle instanceof FileSystemDirectoryHandle
  );
}

/** Folders with their handles, which IndexedDB stores as they are. */
export function createFolderRecords(settings: SettingsRepository) {
  async function ids(): Promise<readonly string[]> {
    const stored = await settings.get(FOLDERS_KEY);
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  }
  async function get(id: string): Promise<FolderRecord | undefined> {
    const stored = await settings.get(keyOf(id));
    return isRecord(stored) ? stored : undefined;
  }
  async function write(record: FolderRecord): Promise<void> {
    await settings.set(keyOf(record.id), record);
    await settings.set(FOLDERS_KEY, [...new Set([...(await ids()), record.id])]);
  }
  /** The list is read, changed and written: one after the other, or a folder that was just forgotten comes back. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act, act);
    last = turn.catch(() => {}); // told to whoever asked for it
    return turn;
  }
  const has = async (id: string): Promise<boolean> => (await ids()).includes(id);
  return {
    get,
    has,
    async list(): Promise<readonly FolderRecord[]> {
      const records = await Promise.all((await ids()).map(get));
      return records.filter((record) => record !== undefined);
    },
    /** The list is written each time, because other tabs listen to it. */
    save: (record: FolderRecord): Promise<void> => inTurn(() => write(record)),
    /** As `save`, for a folder that may have been forgotten meanwhile: then false, and it stays forgotten. */
    update: (record: FolderRecord): Promise<boolean> =>
      inTurn(async () => {
        if (!(await has(record.id))) return false;
        await write(record);
        return true;
      }),
    remove: (id: string): Promise<void> =>
      inTurn(async () => {
        const others = (await ids()).filter((other) => other !== id);
        await settings.set(FOLDERS_KEY, others);
        await settings.set(keyOf(id), undefined);
      }),
  };
}
