import type { JobRecord } from '#core/ports/job-records.ts';
import type { IngestInput, Library } from '#core/ports/library.ts';
import type { CollectionRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { DocumentSnapshot, LibraryRepository } from '#core/ports/repositories.ts';

/** What is held in memory for an undo: about 15 MB of text and vectors. */
const MOST_CHUNKS_KEPT = 5000;

interface RemovedPart {
  /** Documents that are out of the library. */
  readonly removed: number;
  /** Documents that are out of this collection only: they are in others, too. */
  readonly shared: number;
  /** Documents that are in the collection still. */
  readonly left: number;
  readonly restore: () => Promise<void>;
}

/** Takes things away so that they can be put back. */
export interface Removal {
  /** Returns what puts the document back, or undefined when it was gone already. */
  document(id: string): Promise<(() => Promise<void>) | undefined>;
  /** The collection, and every document that is in no other. */
  collection(collection: CollectionRecord): Promise<() => Promise<void>>;
  /** Of the collection only these documents; the others stay, and with them the collection. */
  part(collection: CollectionRecord, documentIds: Iterable<string>): Promise<RemovedPart>;
  /**
   * Passages and vectors that a job has made, of its documents only; the documents wait as before it. Of documents that
   * are read again only the new reading that is not complete yet. `restore` is absent where it is too much to hold.
   */
  indexed(job: JobRecord): Promise<{ readonly count: number; readonly restore?: () => Promise<void> }>;
}

export function createRemoval(repository: LibraryRepository, library: Library): Removal {
  async function forget(documentIds: readonly string[]): Promise<void> {
    if (documentIds.length > 0) await library.forget({ documentIds });
  }

  /** Back to what it was before anything was made of it; undefined when nothing was. */
  async function unindex(id: string): Promise<DocumentSnapshot | undefined> {
    const snapshot = await repository.snapshotDocument(id);
    if (snapshot === undefined || snapshot.document.status === 'failed') return undefined;
    const { chunkCount: _, spaceId: __, ...rest } = snapshot.document;
    const blobs = snapshot.blobs.filter(({ id: blobId }) => /^(?:original|transcript):/.test(blobId));
    const document: DocumentRecord = { ...rest, status: 'queued', embeddedCount: 0 };
    await repository.restoreDocument({ document, blobs, chunks: [], vectors: [] });
    return snapshot.chunks.length > 0 ? snapshot : undefined;
  }

  /** What was removed or indexed anew meanwhile stays as it is. */
  async function reindex(snapshot: DocumentSnapshot): Promise<void> {
    const now = await repository.document(snapshot.document.id);
    if (now?.status !== 'queued' || now.embeddedCount > 0) return;
    const { collectionIds } = now;
    await repository.restoreDocument({ ...snapshot, document: { ...snapshot.document, collectionIds } });
  }

  async function putBack(
    collection: CollectionRecord,
    snapshots: readonly DocumentSnapshot[],
    shared: readonly string[],
  ): Promise<void> {
    const isThere = (await repository.collections()).some(({ id }) => id === collection.id);
    if (!isThere) await repository.saveCollection(collection);
    for (const snapshot of snapshots) await repository.restoreDocument(snapshot);
    const change = ({ collectionIds, ...stored }: DocumentRecord): DocumentRecord => ({
      ...stored,
      collectionIds: [...new Set([...collectionIds, collection.id])],
    });
    if (shared.length > 0) await repository.commit({ updates: shared.map((id) => ({ id, change })) });
  }

  async function takeOut(
    collection: CollectionRecord,
    isChosen: (document: DocumentRecord) => boolean,
  ): Promise<RemovedPart> {
    const inside = await repository.documents(collection.id);
    const chosen = inside.filter(isChosen);
    const only = (document: DocumentRecord): boolean => document.collectionIds.length === 1;
    const snapshots: DocumentSnapshot[] = [];
    for (const { id } of chosen.filter(only)) {
      const snapshot = await repository.snapshotDocument(id);
      if (snapshot) snapshots.push(snapshot);
    }
    const removed = snapshots.map(({ document }) => document.id);
    const shared = chosen.filter((document) => !only(document)).map(({ id }) => id);
    if (chosen.length === inside.length) await repository.removeCollection(collection.id);
    else {
      for (const id of removed) await repository.removeDocument(id);
      const change = ({ collectionIds, ...stored }: DocumentRecord): DocumentRecord => ({
        ...stored,
        collectionIds: collectionIds.filter((id) => id !== collection.id),
      });
      await repository.commit({ updates: shared.map((id) => ({ id, change })) });
    }
    await forget(removed);
    return {
      removed: removed.length,
      shared: shared.length,
      left: inside.length - chosen.length,
      restore: () => putBack(collection, snapshots, shared),
    };
  }

  return {
    async indexed({ input }) {
      const { documentIds = [], isAgain = false } = input as Partial<IngestInput>;
      let snapshots: DocumentSnapshot[] | undefined = [];
      let chunks = 0;
      let count = 0;
      for (const id of documentIds) {
        if (isAgain) {
          if ((await repository.document(id))?.next === undefined) continue;
          await repository.dropNext(id);
          count++;
          continue;
        }
        const snapshot = await unindex(id);
        if (snapshot === undefined) continue;
        count++;
        chunks += snapshot.chunks.length;
        snapshots?.push(snapshot);
        if (chunks > MOST_CHUNKS_KEPT) snapshots = undefined;
      }
      if (!isAgain) await forget(documentIds);
      const kept = snapshots;
      if (kept === undefined || kept.length === 0) return { count };
      return {
        count,
        restore: async () => {
          for (const snapshot of kept) await reindex(snapshot);
        },
      };
    },
    async document(id) {
      const snapshot = await repository.snapshotDocument(id);
      await repository.removeDocument(id);
      await forget([id]);
      return snapshot && (() => repository.restoreDocument(snapshot));
    },
    collection: async (collection) => (await takeOut(collection, () => true)).restore,
    part(collection, documentIds) {
      const chosen = new Set(documentIds);
      return takeOut(collection, ({ id }) => chosen.has(id));
    },
  };
}
