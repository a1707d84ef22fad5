import type { IndexedDocument, SavedIndexRecord } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { CreateVectorIndex, VectorIndex } from '#core/ports/vector-index.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';

/** Of all rows, so many must have changed before an index is saved again. */
const CHANGED_SHARE = 0.1;

export interface SavedIndexesPorts {
  readonly library: Pick<LibraryRepository, 'savedIndexes' | 'saveIndex' | 'segmentCount'>;
  readonly createVectorIndex: CreateVectorIndex;
}

export interface OpenedIndex {
  readonly index: VectorIndex;
  readonly segmentCount: number;
}

/** Vector indexes that outlive the worker: opened instead of built, and saved when enough has changed. */
export function createSavedIndexes({ library, createVectorIndex }: SavedIndexesPorts) {
  let records: readonly SavedIndexRecord[] = [];
  /** Of this run: another tab goes on from the same saved keys in its own way. */
  const keysId = createId();
  let covered = new Map<string, number>();
  let changedRows = 0;
  let isSaved = false;
  let saving: Promise<void> | undefined;

  async function saveOne(
    spaceId: string,
    index: VectorIndex,
    documents: readonly IndexedDocument[],
  ): Promise<boolean> {
    const bytes = index.save?.();
    if (bytes === undefined) return true;
    return library.saveIndex({
      spaceId,
      kind: index.kind,
      dimension: index.dimension,
      segmentCount: covered.get(spaceId) ?? 0,
      keysId,
      documents,
      blob: new Blob([bytes]),
    });
  }

  async function saveAll(
    indexes: ReadonlyMap<string, VectorIndex>,
    documents: () => readonly IndexedDocument[],
  ): Promise<void> {
    changedRows = 0;
    isSaved = true;
    for (const [spaceId, index] of indexes)
      if (!(await saveOne(spaceId, index, documents()))) isSaved = false;
  }

  return {
    /** The keys that saved indexes go by; to be kept by whoever opens one. */
    async read(): Promise<{
      readonly documents: ReadonlyMap<string, IndexedDocument>;
      readonly nextKey: number;
    }> {
      const all = await library.savedIndexes();
      const newest = all
        .map((record) => record.keysId)
        .sort()
        .at(-1); // they sort by time
      records = all.filter((record) => record.keysId === newest);
      const documents = new Map(
        records.flatMap((record) => record.documents.map((known) => [known.id, known])),
      );
      const ends = [...documents.values()].map(({ firstKey, chunkCount }) => firstKey + chunkCount);
      return { documents, nextKey: ends.reduce((most, end) => Math.max(most, end), 0) };
    },
    /** Undefined: there is none of that kind, or it cannot be read; it is built from the vectors then. */
    async open(
      spaceId: string,
      kind: VectorIndex['kind'],
      dimension: number,
    ): Promise<OpenedIndex | undefined> {
      const record = records.find((saved) => saved.spaceId === spaceId);
      if (record === undefined || record.kind !== kind || record.dimension !== dimension) return undefined;
      try {
        const saved = new Uint8Array(await record.blob.arrayBuffer());
        const index = await createVectorIndex(dimension, { kind, saved });
        isSaved = true;
        return { index, segmentCount: record.segmentCount };
      } catch (error) {
        // Blob reads fail with a DOMException when the browser has lost the file.
        const isLost = error instanceof DOMException;
        if (isLost || (error instanceof AppError && error.code === 'storage/corrupt')) return undefined;
        throw error;
      }
    },
    /** Before rows are read: what is written later is not covered, and read again when the index is opened. */
    async markCovered(spaceIds: readonly string[]): Promise<void> {
      const counts = await Promise.all(
        spaceIds.map(async (id) => [id, await library.segmentCount(id)] as const),
      );
      covered = new Map(counts);
    },
    /** Rows were added or replaced. */
    noteAdded(rows: number): void {
      changedRows += rows;
    },
    /** A document was removed, and with it what is saved. */
    noteErased(): void {
      isSaved = false;
    },
    /** In the background, one at a time: a search does not wait, and a full disk is no reason to fail it. */
    saveIfChanged(
      indexes: ReadonlyMap<string, VectorIndex>,
      documents: () => readonly IndexedDocument[],
    ): void {
      const savable = new Map([...indexes].filter(([, index]) => index.save !== undefined));
      const rows = [...savable.values()].reduce((sum, { size }) => sum + size, 0);
      if (rows === 0 || saving !== undefined) return;
      if (isSaved && changedRows < rows * CHANGED_SHARE) return;
      saving = saveAll(savable, documents)
        .catch(() => {
          isSaved = false;
        })
        .finally(() => {
          saving = undefined;
        });
    },
  };
}
