import type { JobRecord } from '#core/ports/job-records.ts';
import {
  type BlobRecord,
  type CollectionRecord,
  type DocumentRecord,
  nextId,
  ownerOf,
} from '#core/ports/library-records.ts';
import type {
  DocumentSnapshot,
  IngestBatch,
  LibraryRepository,
  RepositoryChange,
} from '#core/ports/repositories.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import { guarded, inTransaction } from './transaction.ts';
import {
  appendVectors,
  deleteEmptySpaces,
  deleteVectorsOf,
  dimensionOf,
  keepVectors,
  moveVectors,
  pickRows,
  type ReadTransaction,
  rowsOf,
  segmentRange,
  type WriteTransaction,
} from './vector-rows.ts';

const ALL = ['collections', 'documents', 'chunks', 'blobs', 'spaces', 'vectors', 'indexes', 'jobs'] as const;
/** What stays when a document is read anew. */
const OWN_KINDS = ['original', 'transcript'] as const;
/** What is made of a document by reading it. */
const READING_KINDS = ['text', 'links'] as const;

function chunkRange(documentId: string): IDBKeyRange {
  return IDBKeyRange.bound([documentId, 0], [documentId, Number.MAX_SAFE_INTEGER]);
}

/** 'text:next:<id>' and 'ocr:<id>:eng:3' belong to a document, too. */
const documentOfBlob = (blobId: string): string =>
  ownerOf(blobId.slice(blobId.indexOf(':') + 1)).replace(/:.*$/, '');

/** What was recognized in its pictures stays when a document is read anew, and goes only with the document. */
const recognizedRange = (documentId: string): IDBKeyRange =>
  IDBKeyRange.bound(`ocr:${documentId}:`, `ocr:${documentId}:\uffff`);

/** Applies the updates; what belongs to a document that is gone is taken out of the batch. */
async function applyUpdates(tx: WriteTransaction, batch: IngestBatch): Promise<IngestBatch> {
  const gone = new Set<string>();
  for (const { id, change } of batch.updates ?? []) {
    const stored = await tx.objectStore('documents').get(id);
    if (stored === undefined) gone.add(id);
    else await tx.objectStore('documents').put(change(stored));
  }
  if (gone.size === 0) return batch;
  const { vectors, chunks = [], blobs = [] } = batch;
  const isKept = ({ documentId }: { readonly documentId: string }): boolean => !gone.has(ownerOf(documentId));
  return {
    ...batch,
    chunks: chunks.filter(isKept),
    blobs: blobs.filter(({ id }) => !gone.has(documentOfBlob(id))),
    ...(vectors ? { vectors: keepVectors(vectors, isKept) } : {}),
  };
}

async function write(tx: WriteTransaction, whole: IngestBatch): Promise<void> {
  const batch = await applyUpdates(tx, whole);
  for (const document of batch.documents ?? []) await tx.objectStore('documents').put(document);
  for (const chunk of batch.chunks ?? []) await tx.objectStore('chunks').put(chunk);
  for (const blob of batch.blobs ?? []) await tx.objectStore('blobs').put(blob);
  if (batch.space) await tx.objectStore('spaces').put(batch.space);
  if (batch.vectors) await appendVectors(tx, batch.vectors);
  if (batch.job) await moveJob(tx, batch.job);
}

/** Another tab may have asked for a pause since the batch was begun: only how far the job came is taken from it. */
async function moveJob(tx: WriteTransaction, job: JobRecord): Promise<void> {
  const stored = await tx.objectStore('jobs').get(job.id);
  await tx.objectStore('jobs').put(stored === undefined ? job : { ...job, state: stored.state });
}

async function eraseDocument(tx: WriteTransaction, id: string): Promise<void> {
  await tx.objectStore('documents').delete(id);
  for (const kind of OWN_KINDS) await tx.objectStore('blobs').delete(`${kind}:${id}`);
  for (const rowId of [id, nextId(id)]) await eraseReading(tx, rowId);
  await tx.objectStore('indexes').clear();
}

async function removeDocument(tx: WriteTransaction, id: string): Promise<void> {
  await eraseDocument(tx, id);
  await tx.objectStore('blobs').delete(recognizedRange(id));
}

async function eraseReading(tx: WriteTransaction, rowId: string): Promise<void> {
  await tx.objectStore('chunks').delete(chunkRange(rowId));
  for (const kind of READING_KINDS) await tx.objectStore('blobs').delete(`${kind}:${rowId}`);
  await deleteVectorsOf(tx, rowId);
}

const withoutNext = ({ next: _, ...document }: DocumentRecord): DocumentRecord => document;

async function switchReading(
  tx: WriteTransaction,
  id: string,
  change: (stored: DocumentRecord) => DocumentRecord,
): Promise<void> {
  const stored = await tx.objectStore('documents').get(id);
  if (stored?.next === undefined) return;
  await eraseReading(tx, id);
  const from = nextId(id);
  for (const chunk of await tx.objectStore('chunks').getAll(chunkRange(from)))
    await tx.objectStore('chunks').put({ ...chunk, documentId: id });
  for (const kind of READING_KINDS) {
    const row = await tx.objectStore('blobs').get(`${kind}:${from}`);
    if (row) await tx.objectStore('blobs').put({ ...row, id: `${kind}:${id}` });
  }
  await moveVectors(tx, from, id);
  await eraseReading(tx, from);
  await tx.objectStore('documents').put(withoutNext(change(stored)));
}

export function createLibraryRepository(db: Database, feed: AnnouncingFeed): LibraryRepository {
  const writing = (body: (tx: WriteTransaction) => Promise<void>): Promise<void> =>
    inTransaction(db.transaction([...ALL], 'readwrite') as WriteTransaction, body);

  async function snapshotVectors(tx: ReadTransaction, id: string): Promise<DocumentSnapshot['vectors']> {
    const found: DocumentSnapshot['vectors'][number][] = [];
    for (const segment of await tx.objectStore('vectors').index('documentIds').getAll(id)) {
      const rows = rowsOf(segment, id);
      const dimension = dimensionOf(segment);
      const vectors = pickRows(segment, rows);
      const ordinals = rows.map((row) => segment.ordinals[row] ?? 0);
      found.push({ spaceId: segment.spaceId, dimension, ordinals, vectors });
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
        await writing(async (tx) => {
          const documents = await tx.objectStore('documents').index('collectionIds').getAll(id);
          for (const document of documents) {
            changed.push(document.id);
            const collectionIds = document.collectionIds.filter((other) => other !== id);
            if (collectionIds.length === 0) await removeDocument(tx, document.id);
            else await tx.objectStore('documents').put({ ...document, collectionIds });
          }
          await tx.objectStore('collections').delete(id);
        });
        feed.announce({ store: 'collections', ids: [id] });
        if (changed.length > 0) feed.announce({ store: 'documents', ids: changed });
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
    chunksAt: (places) =>
      guarded(() => {
        const store = db.transaction('chunks').store;
        return Promise.all(places.map(({ documentId, ordinal }) => store.get([documentId, ordinal])));
      }),
    blob: (id) => guarded(async () => (await db.get('blobs', id))?.blob),
    spaces: () => guarded(() => db.getAll('spaces')),
    segmentCount: (spaceId) => guarded(() => db.count('vectors', segmentRange(spaceId))),
    savedIndexes: () => guarded(() => db.getAll('indexes')),
    saveIndexes: (records) =>
      guarded(() =>
        inTransaction(db.transaction(['documents', 'indexes'], 'readwrite'), async (tx) => {
          const stored = new Set(await tx.objectStore('documents').getAllKeys());
          const isWhole = records.every(({ documents }) => documents.every(({ id }) => stored.has(id)));
          if (!isWhole) return false;
          await tx.objectStore('indexes').clear();
          for (const record of records) await tx.objectStore('indexes').put(record);
          return true;
        }),
      ),
    async *segments(spaceId, from) {
      // One read a segment: a cursor would end as soon as the consumer awaits something else.
      const keys = await guarded(() => db.getAllKeys('vectors', segmentRange(spaceId, from)));
      for (const key of keys) {
        const segment = await guarded(() => db.get('vectors', key));
        if (segment) yield segment;
      }
    },
    commit: (batch) =>
      guarded(async () => {
        await writing((tx) => write(tx, batch));
        const changes: RepositoryChange[] = [];
        const documentIds = new Set(
          [...(batch.documents ?? []), ...(batch.updates ?? [])].map(({ id }) => id),
        );
        for (const { documentId } of batch.chunks ?? []) documentIds.add(documentId);
        if (documentIds.size > 0) changes.push({ store: 'documents', ids: [...documentIds] });
        if (batch.job) changes.push({ store: 'jobs', ids: [batch.job.id] });
        feed.announce(...changes);
      }),
    removeDocument: (id) =>
      guarded(async () => {
        await writing((tx) => removeDocument(tx, id));
        feed.announce({ store: 'documents', ids: [id] });
      }),
    snapshotDocument: (id) =>
      guarded(async () => {
        // One transaction, so that the parts belong together while an ingest goes on.
        const tx = db.transaction([...ALL], 'readonly') as ReadTransaction;
        const document = await tx.objectStore('documents').get(id);
        if (document === undefined) return undefined;
        const chunks = await tx.objectStore('chunks').getAll(chunkRange(id));
        const blobs: BlobRecord[] = [];
        for (const kind of [...OWN_KINDS, ...READING_KINDS]) {
          const row = await tx.objectStore('blobs').get(`${kind}:${id}`);
          if (row) blobs.push(row);
        }
        return { document: withoutNext(document), chunks, blobs, vectors: await snapshotVectors(tx, id) };
      }),
    restoreDocument: ({ document, chunks, blobs, vectors }) =>
      guarded(async () => {
        await writing(async (tx) => {
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
    switchDocument: (id, change) =>
      guarded(async () => {
        await writing((tx) => switchReading(tx, id, change));
        feed.announce({ store: 'documents', ids: [id] });
      }),
    dropNext: (id) =>
      guarded(async () => {
        await writing(async (tx) => {
          await eraseReading(tx, nextId(id));
          const stored = await tx.objectStore('documents').get(id);
          if (stored?.next) await tx.objectStore('documents').put(withoutNext(stored));
        });
        feed.announce({ store: 'documents', ids: [id] });
      }),
    dropEmptySpaces: (exceptId) => guarded(() => writing((tx) => deleteEmptySpaces(tx, exceptId))),
  };
}
