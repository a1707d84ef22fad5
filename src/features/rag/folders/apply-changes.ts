import type { AddedFiles, RejectedFile } from '#core/ports/library.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { Removal } from '../removal.ts';
import type { FolderRecord, KnownFile } from './folder-records.ts';
import { type FolderChange, type FoundFile, folderError } from './scan-folder.ts';

export interface ApplyPorts {
  readonly repository: LibraryRepository;
  readonly removal: Removal;
  readonly takeFiles: (files: readonly File[], collectionId?: string) => Promise<AddedFiles | undefined>;
  readonly reject: (file: RejectedFile) => void;
}

export interface Applied {
  readonly files: readonly KnownFile[];
  readonly counts: Readonly<Record<FolderChange['kind'], number>>;
  /** Puts the documents back; the folder's record is the caller's. */
  readonly undo: () => Promise<void>;
}

/** Takes documents out of one collection; who is in no other goes. Returns what puts them back. */
async function detach(
  { repository, removal }: ApplyPorts,
  ids: Iterable<string>,
  collectionId: string,
): Promise<() => Promise<void>> {
  const restores: (() => Promise<void>)[] = [];
  const change = (id: string, isIn: boolean): Promise<void> =>
    repository.commit({
      updates: [
        {
          id,
          change: (stored) => {
            const others = stored.collectionIds.filter((other) => other !== collectionId);
            return { ...stored, collectionIds: isIn ? [...others, collectionId] : others };
          },
        },
      ],
    });
  for (const id of ids) {
    const document = await repository.document(id);
    if (!document?.collectionIds.includes(collectionId)) continue;
    if (document.collectionIds.length > 1) {
      await change(id, false);
      restores.push(() => change(id, true));
    } else {
      const restore = await removal.document(id);
      if (restore) restores.push(restore);
    }
  }
  return async () => {
    for (const restore of restores) await restore();
  };
}

interface Opened {
  readonly found: FoundFile;
  readonly file: File;
}

async function open(
  found: readonly FoundFile[],
  folder: string,
  { reject }: ApplyPorts,
): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (const each of found) {
    try {
      const file = await each.handle.getFile();
      const now = { sizeBytes: file.size, modifiedAt: file.lastModified };
      const options = { type: file.type, lastModified: file.lastModified };
      opened.push({ found: { ...each, ...now }, file: new File([file], each.path, options) });
    } catch (error) {
      const { code, message } = folderError(error, folder);
      reject({ name: each.path, code, message });
    }
  }
  return opened;
}

/**
 * Does what the user chose of what a scan has found: first what comes, then what goes, so that a failure loses nothing. A
 * changed file that can no longer be taken leaves its document as it is. `alsoUsed`: documents of other folders.
 * Undefined when the files did not get in.
 */
export async function applyChanges(
  ports: ApplyPorts,
  record: FolderRecord,
  chosen: readonly FolderChange[],
  found: readonly FoundFile[],
  alsoUsed: ReadonlySet<string>,
): Promise<Applied | undefined> {
  const { collectionId } = record;
  const wanted = new Set(chosen.filter(({ kind }) => kind !== 'removed').map(({ path }) => path));
  const opened = await open(
    found.filter(({ path }) => wanted.has(path)),
    record.name,
    ports,
  );
  const before = new Set((await ports.repository.documents(collectionId)).map(({ id }) => id));
  const files = opened.map(({ file }) => file);
  const added = files.length > 0 ? await ports.takeFiles(files, collectionId) : { byFile: [] };
  if (added === undefined) return undefined;

  const next = new Map(record.files.map((file) => [file.path, file]));
  const left = new Set<string>();
  const leave = (path: string): void => {
    for (const id of next.get(path)?.documentIds ?? []) left.add(id);
  };
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const [i, { found: each }] of opened.entries()) {
    const documentIds = added.byFile[i] ?? [];
    const { path, sizeBytes, modifiedAt } = each;
    const isKnown = (next.get(path)?.documentIds.length ?? 0) > 0;
    if (isKnown && documentIds.length === 0) continue;
    if (isKnown) leave(path);
    if (documentIds.length > 0) counts[isKnown ? 'changed' : 'added'] += 1;
    next.set(path, { path, sizeBytes, modifiedAt, documentIds });
  }
  for (const { kind, path } of chosen) {
    if (kind !== 'removed') continue;
    leave(path);
    next.delete(path);
    counts.removed += 1;
  }
  const kept = new Set([...next.values()].flatMap(({ documentIds }) => documentIds));
  const gone = [...left].filter((id) => !kept.has(id) && !alsoUsed.has(id));
  const restore = await detach(ports, gone, collectionId);
  const isNew = added.byFile.flat().filter((id) => !before.has(id));
  return {
    files: [...next.values()],
    counts,
    undo: async () => {
      await restore();
      await detach(ports, new Set(isNew), collectionId);
    },
  };
}
