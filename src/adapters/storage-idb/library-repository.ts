import type { CollectionRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type {
  DocumentSnapshot,
  IngestBatch,
  LibraryRepository,
  RepositoryChange,
} from '#core/ports/repositories.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import { guarded } from './to-app-error.ts';
import { appendVectors, deleteVectorsOf, segmentRange, type WriteTransaction } from './vector-rows.ts';

const ALL = ['collections', 'documents', 'chunks', 'blobs', 'spaces', 'vectors', 'jobs'] as const;
const BLOB_KINDS = ['original', 'text'] as const;

function chunkRange(documentId: string): IDBKeyRange {
  return IDBKeyRange.bound([documentId, 0], [documentId, Number.MAX_SAFE_INTEGER]);
}

async function write(tx: WriteTransaction, batch: IngestBatch): Promise<void> {
  for (const document of batch.documents ?? []) await tx.objectStore('documents').put(document);
  for (const chunk of batch.chunks ?? []) await tx.objectStore('chunks').put(chunk);
  for (const blob of batch.blobs ?? []) await tx.objectStore('blobs').put(blob);
  if (batch.space) await tx.objectStore('spaces').put(batch.space);
  if (batch.vectors) await appendVectors(tx, batch.vectors);
  if (batch.job) await tx.objectStore('jobs').put(batch.job);
}

async function eraseDocument(tx: WriteTransaction, id: string): Promise<void> {
  await tx.objectStore('documents').delete(id);
  await tx.objectStore('chunks').delete(chunkRange(id));
  for (const kind of BLOB_KINDS) await tx.objectStore('blobs').delete(`${kind}:${id}`);
  await deleteVectorsOf(tx, id);
}

export function createLibraryRepository(db: Database, feed: AnnouncingFeed): LibraryRepository {
  /** One transaction: what throws inside takes everything back. */
  async function inTransaction(body: (tx: WriteTransaction) => Promise<void>): Promise<void> {
    const tx = db.transaction([...ALL], 'readwrite') as WriteTransaction;
    try {
      await body(tx);
    } catch (error) {
      tx.done.catch(() => {}); // the cause is thrown below
      try {
        tx.abort();
      } catch {
        // the failed request has aborted it already
      }
      throw error;
    }
    await tx.done;
  }

  async function snapshotVectors(id: string): Promise<DocumentSnapshot['vectors']> {
    const found: DocumentSnapshot['vectors'][number][] = [];
    for (const space of await db.getAll('spaces')) {
      const ordinals: number[] = [];
      const rows: Float32Array[] = [];
      let cursor = await db.transaction('vectors').store.openCursor(segmentRange(space.id));
      while (cursor) {
        const { documentIds, ordinals: all, vectors } = cursor.value;
        documentIds.forEach((documentId, row) => {
          if (documentId !== id) return;
          ordinals.push(all[row] ?? 0);
          rows.push(vectors.slice(row * space.dimension, (row + 1) * space.dimension));
        });
        cursor = await cursor.continue();
      }
      const vectors = new Float32Array(rows.length * space.dimension);
      rows.forEach((row, i) => {
        vectors.set(row, i * space.dimension);
      });
      if (rows.length > 0) found.push({ spaceId: space.id, dimension: space.dimension, ordinals, vectors });
    }
    return found;
  }

  return {
    collections: () =>
      guarded(async () => (await db.getAll('collections')).sort((a, b) => a.createdAt - b.createdAt)),
    saveCollection: (collection: CollectionRecord) =>
      guarded(async () => {
        await db.put('collections', collection);
        feed.announce({ store: 'collections', ids: [collection.id] });
      }),
    removeCollection: (id) =>
      guarded(async () => {
        const changed: string[] = [];
        await inTransaction(async (tx) => {
          const documents = await tx.objectStore('documents').index('collectionIds').getAll(id);
          for (const document of documents) {
            changed.push(document.id);
            const collectionIds = document.collectionIds.filter((other) => other !== id);
            if (collectionIds.length === 0) await eraseDocument(tx, document.id);
            else await tx.objectStore('documents').put({ ...document, collectionIds });
          }
          await tx.objectStore('collections').delete(id);
        });
        feed.announce({ store: 'collections', ids: [id] }, { store: 'documents', ids: changed });
      }),
    documents: (collectionId) =>
      guarded(async () => {
        const documents: DocumentRecord[] =
          collectionId === undefined
            ? await db.getAll('documents')
            : await db.getAllFromIndex('documents', 'collectionIds', collectionId);
        return documents.sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1));
      }),
    document: (id) => guarded(() => db.get('documents', id)),
    chunks: (documentId) => guarded(() => db.getAll('chunks', chunkRange(documentId))),
    chunk: (documentId, ordinal) => guarded(() => db.get('chunks', [documentId, ordinal])),
    blob: (id) => guarded(async () => (await db.get('blobs', id))?.blob),
    spaces: () => guarded(() => db.getAll('spaces')),
    async *segments(spaceId) {
      // One read a segment: a cursor would end as soon as the consumer awaits something else.
      const keys = await guarded(() => db.getAllKeys('vectors', segmentRange(spaceId)));
      for (const key of keys) {
        const segment = await guarded(() => db.get('vectors', key));
        if (segment) yield segment;
      }
    },
    commit: (batch) =>
      guarded(async () => {
        await inTransaction((tx) => write(tx, batch));
        const changes: RepositoryChange[] = [];
        const documentIds = new Set(batch.documents?.map(({ id }) => id));
        for (const { documentId } of batch.chunks ?? []) documentIds.add(documentId);
        if (documentIds.size > 0) changes.push({ store: 'documents', ids: [...documentIds] });
        if (batch.job) changes.push({ store: 'jobs', ids: [batch.job.id] });
        feed.announce(...changes);
      }),
    removeDocument: (id) =>
      guarded(async () => {
        await inTransaction((tx) => eraseDocument(tx, id));
        feed.announce({ store: 'documents', ids: [id] });
      }),
    snapshotDocument: (id) =>
      guarded(async () => {
        const document = await db.get('documents', id);
        if (document === undefined) return undefined;
        const chunks = await db.getAll('chunks', chunkRange(id));
        const rows = await Promise.all(BLOB_KINDS.map((kind) => db.get('blobs', `${kind}:${id}`)));
        const blobs = rows.flatMap((row) => (row ? [row] : []));
        return { document, chunks, blobs, vectors: await snapshotVectors(id) };
      }),
    restoreDocument: ({ document, chunks, blobs, vectors }) =>
      guarded(async () => {
        await inTransaction(async (tx) => {
          await eraseDocument(tx, document.id);
          await write(tx, { documents: [document], chunks, blobs });
          for (const { ordinals, ...rest } of vectors)
            await appendVectors(tx, {
              ...rest,
              chunkKeys: ordinals.map((ordinal) => ({ documentId: document.id, ordinal })),
            });
        });
        feed.announce({ store: 'documents', ids: [document.id] });
      }),
  };
}
