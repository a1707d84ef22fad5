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

interface Applied {
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

/** A document that is called after a file which moved is called after its new place. Returns what calls it as before. */
async function rename(
  { repository }: ApplyPorts,
  record: FolderRecord,
  files: Iterable<KnownFile>,
  left: ReadonlySet<string>,
): Promise<() => Promise<void>> {
  const before = new Map<string, string>();
  const call = (id: string, name: string): Promise<void> =>
    repository.commit({ updates: [{ id, change: (stored) => ({ ...stored, name }) }] });
  const known = [...files].filter(({ documentIds }) => documentIds.length === 1);
  const paths = new Set(known.map(({ path }) => path));
  for (const { path, documentIds } of known) {
    const [id = ''] = documentIds;
    if (!left.has(id) || before.has(id)) continue;
    const name = (await repository.document(id))?.name;
    if (name === undefined || paths.has(name) || !record.files.some((file) => file.path === name)) continue;
    before.set(id, name);
    await call(id, path);
  }
  return async () => {
    for (const [id, name] of before) await call(id, name);
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
    const isSame = isKnown && next.get(path)?.documentIds.join() === documentIds.join(); // saved without a change
    if (isKnown) leave(path);
    if (documentIds.length > 0 && !isSame) counts[isKnown ? 'changed' : 'added'] += 1;
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
  const callAsBefore = await rename(ports, record, next.values(), left);
  const isNew = added.byFile.flat().filter((id) => !before.has(id));
  return {
    files: [...next.values()],
    counts,
    undo: async () => {
      await restore();
      await callAsBefore();
      await detach(ports, new Set(isNew), collectionId);
    },
  };
}
