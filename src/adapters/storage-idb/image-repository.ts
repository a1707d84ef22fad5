import type { IDBPTransaction } from 'idb';
import { type ImageSnapshot, type ImageVectorSegment, ownerOfRow } from '#core/ports/image-records.ts';
import { type BlobRecord, SEGMENT_VECTORS } from '#core/ports/library-records.ts';
import type { ImageBatch, ImageRepository, RepositoryChange } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import type { AnnouncingFeed } from './change-feed.ts';
import type { Database } from './open-database.ts';
import type { BenchtopSchema } from './schema.ts';
import { guarded, inTransaction } from './transaction.ts';

const ALL = ['images', 'imageVectors', 'blobs', 'jobs'] as const;
const BLOB_KINDS = ['picture', 'thumbnail', 'frames'] as const;
type WriteTransaction = IDBPTransaction<BenchtopSchema, (typeof ALL)[number][], 'readwrite'>;
type BatchVectors = NonNullable<ImageBatch['vectors']>;

function segmentRange(spaceId: string, from = 0): IDBKeyRange {
  return IDBKeyRange.bound([spaceId, from], [spaceId, Number.MAX_SAFE_INTEGER]);
}

const dimensionOf = ({ imageIds, vectors }: ImageVectorSegment): number =>
  imageIds.length === 0 ? 0 : vectors.length / imageIds.length;

/** The rows for which it holds, packed. */
function pick(
  ids: readonly string[],
  vectors: Float32Array,
  dimension: number,
  isWanted: (id: string, row: number) => boolean,
): { readonly imageIds: readonly string[]; readonly vectors: Float32Array } {
  const rows = ids.flatMap((id, row) => (isWanted(id, row) ? [row] : []));
  const packed = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    packed.set(vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  });
  return { imageIds: rows.map((row) => ids[row] ?? ''), vectors: packed };
}

function checkLength({ imageIds, vectors, dimension }: BatchVectors): void {
  if (vectors.length !== imageIds.length * dimension)
    throw new AppError('input/invalid', 'The vectors of a batch do not match its pictures.', {
      details: { values: vectors.length, pictures: imageIds.length, dimension },
    });
}

/** Fills the space's last segment, then starts new ones. Only requests of `tx` are awaited. */
async function append(tx: WriteTransaction, batch: BatchVectors): Promise<void> {
  const { spaceId, dimension, imageIds, vectors } = batch;
  const store = tx.objectStore('imageVectors');
  checkLength(batch);
  let segment = (await store.openCursor(segmentRange(spaceId), 'prev'))?.value;
  if (segment && segment.imageIds.length > 0 && dimensionOf(segment) !== dimension)
    throw new AppError('input/invalid', 'Vectors of two dimensions cannot share one space.', {
      details: { spaceId, dimension, storedDimension: dimensionOf(segment) },
    });
  for (let row = 0; row < imageIds.length; ) {
    const open: ImageVectorSegment =
      segment && segment.imageIds.length < SEGMENT_VECTORS
        ? segment
        : { spaceId, segment: segment ? segment.segment + 1 : 0, imageIds: [], vectors: new Float32Array(0) };
    const count = Math.min(SEGMENT_VECTORS - open.imageIds.length, imageIds.length - row);
    const packed = new Float32Array(open.vectors.length + count * dimension);
    packed.set(open.vectors);
    packed.set(vectors.subarray(row * dimension, (row + count) * dimension), open.vectors.length);
    segment = {
      ...open,
      imageIds: [...open.imageIds, ...imageIds.slice(row, row + count)],
      vectors: packed,
    };
    await store.put(segment);
    row += count;
  }
}

/** The segments in which they have a row, each once. A film's rows are '<id>@…', and 'A' is what follows '@'. */
async function segmentKeys(
  tx: WriteTransaction,
  ids: ReadonlySet<string>,
): Promise<readonly (readonly [string, number])[]> {
  const keys = new Map<string, [string, number]>();
  for (const id of ids)
    for (const key of await tx
      .objectStore('imageVectors')
      .index('imageIds')
      .getAllKeys(IDBKeyRange.bound(id, `${id}A`)))
      keys.set(`${key[1]} ${key[0]}`, key);
  return [...keys.values()];
}

/** A picture has one vector a space, a film those of its last reading: what it had there is marked as deleted. */
async function eraseVectors(tx: WriteTransaction, ids: ReadonlySet<string>, spaceId?: string): Promise<void> {
  const store = tx.objectStore('imageVectors');
  for (const key of await segmentKeys(tx, ids)) {
    if (spaceId !== undefined && key[0] !== spaceId) continue;
    const segment = await store.get([...key]);
    if (segment === undefined) continue;
    const imageIds = segment.imageIds.map((id) => (ids.has(ownerOfRow(id)) ? '' : id));
    const alive = pick(imageIds, segment.vectors, dimensionOf(segment), (id) => id !== '');
    const isMostlyDead = alive.imageIds.length * 2 < imageIds.length;
    await store.put({ ...segment, ...(isMostlyDead ? alive : { imageIds }) });
  }
}

async function write(tx: WriteTransaction, batch: ImageBatch): Promise<void> {
  const gone = new Set<string>();
  for (const { id, change } of batch.updates ?? []) {
    const stored = await tx.objectStore('images').get(id);
    if (stored === undefined) gone.add(id);
    else await tx.objectStore('images').put(change(stored));
  }
  for (const image of batch.images ?? []) await tx.objectStore('images').put(image);
  for (const blob of batch.blobs ?? [])
    if (!gone.has(blob.id.slice(blob.id.indexOf(':') + 1))) await tx.objectStore('blobs').put(blob);
  for (const id of batch.goneBlobs ?? []) await tx.objectStore('blobs').delete(id);
  if (batch.vectors) {
    const { spaceId, dimension, imageIds, vectors } = batch.vectors;
    checkLength(batch.vectors); // before rows are left out: what is too short would be filled with zeros
    const kept = pick(
      imageIds,
      vectors,
      dimension,
      (id, row) => !gone.has(ownerOfRow(id)) && imageIds.lastIndexOf(id) === row,
    );
    await eraseVectors(tx, new Set(kept.imageIds.map(ownerOfRow)), spaceId);
    await append(tx, { spaceId, dimension, ...kept });
  }
  if (batch.job) {
    // As in an ingest of documents: a state that was wished for meanwhile stays.
    const stored = await tx.objectStore('jobs').get(batch.job.id);
    await tx.objectStore('jobs').put(stored ? { ...batch.job, state: stored.state } : batch.job);
  }
}

async function snapshot(tx: WriteTransaction, ids: readonly string[]): Promise<ImageSnapshot> {
  const wanted = new Set(ids);
  const images: ImageSnapshot['images'][number][] = [];
  const blobs: BlobRecord[] = [];
  for (const id of wanted) {
    const image = await tx.objectStore('images').get(id);
    if (image) images.push(image);
    for (const kind of BLOB_KINDS) {
      const blob = await tx.objectStore('blobs').get(`${kind}:${id}`);
      if (blob) blobs.push(blob);
    }
  }
  const vectors: ImageSnapshot['vectors'][number][] = [];
  for (const key of await segmentKeys(tx, wanted)) {
    const segment = await tx.objectStore('imageVectors').get([...key]);
    if (segment === undefined) continue;
    const rows = pick(segment.imageIds, segment.vectors, dimensionOf(segment), (id) =>
      wanted.has(ownerOfRow(id)),
    );
    vectors.push({ spaceId: segment.spaceId, ...rows });
  }
  return { images, blobs, vectors };
}

async function erase(tx: WriteTransaction, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await tx.objectStore('images').delete(id);
    for (const kind of BLOB_KINDS) await tx.objectStore('blobs').delete(`${kind}:${id}`);
  }
  await eraseVectors(tx, new Set(ids));
}

export function createImageRepository(db: Database, feed: AnnouncingFeed): ImageRepository {
  const writing = <T>(body: (tx: WriteTransaction) => Promise<T>): Promise<T> =>
    inTransaction(db.transaction([...ALL], 'readwrite'), body);

  return {
    list: () =>
      guarded(async () => {
        const images = await db.getAll('images');
        return images.sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1));
      }),
    count: () => guarded(() => db.count('images')),
    get: (id) => guarded(() => db.get('images', id)),
    blob: (id) => guarded(async () => (await db.get('blobs', id))?.blob),
    async *segments(spaceId, from) {
      const keys = await guarded(() => db.getAllKeys('imageVectors', segmentRange(spaceId, from)));
      for (const key of keys) {
        const segment = await guarded(() => db.get('imageVectors', key));
        if (segment) yield segment;
      }
    },
    commit: (batch) =>
      guarded(async () => {
        await writing((tx) => write(tx, batch));
        const ids = new Set([...(batch.images ?? []), ...(batch.updates ?? [])].map(({ id }) => id));
        const changes: RepositoryChange[] = [];
        if (ids.size > 0) changes.push({ store: 'images', ids: [...ids] });
        if (batch.job) changes.push({ store: 'jobs', ids: [batch.job.id] });
        feed.announce(...changes);
      }),
    remove: (ids) =>
      guarded(async () => {
        const taken = await writing(async (tx) => {
          const before = await snapshot(tx, ids);
          await erase(tx, ids);
          return before;
        });
        feed.announce({ store: 'images', ids });
        return taken;
      }),
    restore: ({ images, blobs, vectors }) =>
      guarded(async () => {
        const ids = images.map(({ id }) => id);
        await writing(async (tx) => {
          await erase(tx, ids);
          await write(tx, { images, blobs });
          for (const { spaceId, imageIds, vectors: rows } of vectors)
            if (imageIds.length > 0)
              await append(tx, {
                spaceId,
                dimension: rows.length / imageIds.length,
                imageIds,
                vectors: rows,
              });
        });
        feed.announce({ store: 'images', ids });
      }),
    dropOtherSpaces: (spaceId) =>
      guarded(() =>
        writing(async (tx) => {
          const store = tx.objectStore('imageVectors');
          for (const key of await store.getAllKeys()) if (key[0] !== spaceId) await store.delete(key);
        }),
      ),
  };
}
