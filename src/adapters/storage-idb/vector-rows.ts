import type { IDBPTransaction } from 'idb';
import { SEGMENT_VECTORS, type VectorSegment } from '#core/ports/library-records.ts';
import type { IngestBatch } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import type { BenchtopSchema } from './schema.ts';

type Stores = (
  | 'vectors'
  | 'indexes'
  | 'documents'
  | 'chunks'
  | 'blobs'
  | 'spaces'
  | 'jobs'
  | 'collections'
)[];
export type WriteTransaction = IDBPTransaction<BenchtopSchema, Stores, 'readwrite'>;
export type ReadTransaction = IDBPTransaction<BenchtopSchema, Stores, 'readonly'>;

/** The segments of a space from one on, as a key range. */
export function segmentRange(spaceId: string, from = 0): IDBKeyRange {
  return IDBKeyRange.bound([spaceId, from], [spaceId, Number.MAX_SAFE_INTEGER]);
}

function checked(vectors: NonNullable<IngestBatch['vectors']>): typeof vectors {
  if (vectors.vectors.length === vectors.chunkKeys.length * vectors.dimension) return vectors;
  throw new AppError('input/invalid', 'The vectors of a batch do not match its chunks.', {
    details: {
      values: vectors.vectors.length,
      chunks: vectors.chunkKeys.length,
      dimension: vectors.dimension,
    },
  });
}

/** Fills the space's last segment, then starts new ones. Only requests of `tx` are awaited. */
export async function appendVectors(
  tx: WriteTransaction,
  batch: NonNullable<IngestBatch['vectors']>,
): Promise<void> {
  const { spaceId, dimension, chunkKeys, vectors } = checked(batch);
  const store = tx.objectStore('vectors');
  const cursor = await store.openCursor(segmentRange(spaceId), 'prev');
  let segment: VectorSegment | undefined = cursor?.value;
  if (segment && segment.documentIds.length > 0 && dimensionOf(segment) !== dimension)
    throw new AppError('input/invalid', 'Vectors of two dimensions cannot share one space.', {
      details: { spaceId, dimension, storedDimension: dimensionOf(segment) },
    });
  for (let row = 0; row < chunkKeys.length; ) {
    const open =
      segment && segment.documentIds.length < SEGMENT_VECTORS
        ? segment
        : emptySegment(spaceId, segment === undefined ? 0 : segment.segment + 1);
    const count = Math.min(SEGMENT_VECTORS - open.documentIds.length, chunkKeys.length - row);
    const added = chunkKeys.slice(row, row + count);
    const packed = new Float32Array(open.vectors.length + count * dimension);
    packed.set(open.vectors);
    packed.set(vectors.subarray(row * dimension, (row + count) * dimension), open.vectors.length);
    segment = {
      ...open,
      documentIds: [...open.documentIds, ...added.map(({ documentId }) => documentId)],
      ordinals: [...open.ordinals, ...added.map(({ ordinal }) => ordinal)],
      vectors: packed,
    };
    await store.put(segment);
    row += count;
  }
}

type BatchVectors = NonNullable<IngestBatch['vectors']>;

/** The rows of a batch whose chunks are kept. */
export function keepVectors(
  batch: BatchVectors,
  isKept: (key: BatchVectors['chunkKeys'][number]) => boolean,
): BatchVectors {
  const { chunkKeys, dimension, vectors } = checked(batch);
  const rows = chunkKeys.flatMap((key, row) => (isKept(key) ? [row] : []));
  const kept = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    kept.set(vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  });
  return { ...batch, chunkKeys: chunkKeys.filter(isKept), vectors: kept };
}

function emptySegment(spaceId: string, segment: number): VectorSegment {
  return { spaceId, segment, documentIds: [], ordinals: [], vectors: new Float32Array(0) };
}

export function dimensionOf({ vectors, documentIds }: VectorSegment): number {
  return documentIds.length === 0 ? 0 : vectors.length / documentIds.length;
}

/** Rows of a segment that belong to a document. */
export function rowsOf({ documentIds }: VectorSegment, documentId: string): readonly number[] {
  return documentIds.flatMap((id, row) => (id === documentId ? [row] : []));
}

/** The vectors of the given rows, packed. */
export function pickRows(segment: VectorSegment, rows: readonly number[]): Float32Array {
  const dimension = dimensionOf(segment);
  const picked = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    picked.set(segment.vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  });
  return picked;
}

/** Marks a document's rows as deleted; a segment of which more than half is dead drops its dead rows. */
export async function deleteVectorsOf(tx: WriteTransaction, documentId: string): Promise<void> {
  const store = tx.objectStore('vectors');
  for (const segment of await store.index('documentIds').getAll(documentId)) {
    const documentIds = segment.documentIds.map((id) => (id === documentId ? '' : id));
    await store.put(compacted({ ...segment, documentIds }));
  }
}

/** Hands the rows of one document to another. */
export async function moveVectors(tx: WriteTransaction, from: string, to: string): Promise<void> {
  const store = tx.objectStore('vectors');
  for (const segment of await store.index('documentIds').getAll(from))
    await store.put({ ...segment, documentIds: segment.documentIds.map((id) => (id === from ? to : id)) });
}

/** Deletes spaces without a live vector; of a space that has one, only the segments up to it are read. */
export async function deleteEmptySpaces(tx: WriteTransaction, exceptId: string): Promise<void> {
  for (const spaceId of await tx.objectStore('spaces').getAllKeys()) {
    if (spaceId === exceptId) continue;
    let isAlive = false;
    let cursor = await tx.objectStore('vectors').openCursor(segmentRange(spaceId));
    while (cursor && !isAlive) {
      isAlive = cursor.value.documentIds.some((id) => id !== '');
      if (!isAlive) cursor = await cursor.continue();
    }
    if (isAlive) continue;
    await tx.objectStore('vectors').delete(segmentRange(spaceId));
    await tx.objectStore('indexes').delete(spaceId);
    await tx.objectStore('spaces').delete(spaceId);
  }
}

function compacted(segment: VectorSegment): VectorSegment {
  const alive = segment.documentIds.flatMap((id, row) => (id === '' ? [] : [row]));
  if (alive.length * 2 >= segment.documentIds.length) return segment;
  return {
    ...segment,
    documentIds: alive.map((row) => segment.documentIds[row] ?? ''),
    ordinals: alive.map((row) => segment.ordinals[row] ?? 0),
    vectors: pickRows(segment, alive),
  };
}
