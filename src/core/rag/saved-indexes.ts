import type { CreateLexicalIndex, LexicalIndex } from '#core/ports/lexical-index.ts';
import { type IndexedDocument, type SavedIndexRecord, WORDS_ID } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { CreateVectorIndex, VectorIndex } from '#core/ports/vector-index.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';

/** Of all rows, so many must have changed before an index is saved again. */
const CHANGED_SHARE = 0.1;

export interface SavedIndexesPorts {
  readonly library: Pick<LibraryRepository, 'savedIndexes' | 'saveIndexes' | 'segmentCount'>;
  readonly createVectorIndex: CreateVectorIndex;
  readonly createLexicalIndex: CreateLexicalIndex;
}

export interface OpenedIndex {
  readonly index: VectorIndex;
  readonly segmentCount: number;
}

/** What there is to be saved, at one moment. */
export interface IndexesInMemory {
  readonly vectors: ReadonlyMap<string, VectorIndex>;
  readonly words: LexicalIndex;
  readonly documents: () => readonly IndexedDocument[];
}

/** Undefined: it cannot be read, and is built anew. Blob reads fail with a DOMException when the browser has lost the file. */
async function unlessLost<T>(
  { blob }: SavedIndexRecord,
  open: (bytes: Uint8Array) => Promise<T> | T,
): Promise<T | undefined> {
  try {
    return await open(new Uint8Array(await blob.arrayBuffer()));
  } catch (error) {
    const isLost = error instanceof DOMException;
    if (isLost || (error instanceof AppError && error.code === 'storage/corrupt')) return undefined;
    throw error;
  }
}

/** Indexes that outlive the worker: opened instead of built, and saved together when enough has changed. */
export function createSavedIndexes(ports: SavedIndexesPorts) {
  const { library, createVectorIndex, createLexicalIndex } = ports;
  let records: readonly SavedIndexRecord[] = [];
  /** Of this run: another tab goes on from the same saved keys in its own way. */
  const keysId = createId();
  let covered = new Map<string, number>();
  let changedRows = 0;
  /** Nothing is worth saving again before more has changed. */
  let isSaved = false;
  let saving: Promise<void> | undefined;

  /** All at one moment, before the first pause: what came between two of them would be in one and not in the other. */
  async function takeRecords({
    vectors,
    words,
    documents,
  }: IndexesInMemory): Promise<readonly SavedIndexRecord[]> {
    const known = { keysId, documents: documents() };
    const savingWords = words.save?.();
    const taken: SavedIndexRecord[] = [];
    for (const [spaceId, { kind, dimension, save }] of vectors) {
      const bytes = save?.();
      const segmentCount = covered.get(spaceId) ?? 0;
      if (bytes) taken.push({ spaceId, kind, dimension, segmentCount, ...known, blob: new Blob([bytes]) });
    }
    const bytes = await savingWords;
    const ofWords = { spaceId: WORDS_ID, kind: 'words', dimension: 0, segmentCount: 0 } as const;
    if (bytes) taken.push({ ...ofWords, ...known, blob: new Blob([bytes]) });
    return taken;
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
      const index = await unlessLost(record, (saved) => createVectorIndex(dimension, { kind, saved }));
      if (index === undefined) return undefined;
      isSaved = true;
      return { index, segmentCount: record.segmentCount };
    },
    /** Undefined: it is built from the texts then. */
    async openWords(): Promise<LexicalIndex | undefined> {
      const record = records.find(({ spaceId }) => spaceId === WORDS_ID);
      const index = record && (await unlessLost(record, createLexicalIndex));
      isSaved ||= index !== undefined;
      return index;
    },
    /** Before rows are read: what is written later is not covered, and read again when the index is opened. */
    async markCovered(spaceIds: readonly string[]): Promise<void> {
      const counts = await Promise.all(
        spaceIds.map(async (id) => [id, await library.segmentCount(id)] as const),
      );
      covered = new Map(counts);
    },
    /** Rows were added or replaced, of vectors or of words. */
    noteAdded(rows: number): void {
      changedRows += rows;
    },
    /** A document was removed, and with it what is saved. */
    noteErased(): void {
      isSaved = false;
    },
    /** In the background, one at a time: a search does not wait, and a full disk is no reason to fail it. */
    saveIfChanged(indexes: IndexesInMemory): void {
      const savable = [...indexes.vectors.values(), indexes.words].filter(({ save }) => save !== undefined);
      const rows = savable.reduce((sum, { size }) => sum + size, 0);
      if (rows === 0 || saving !== undefined) return;
      if (isSaved && changedRows < rows * CHANGED_SHARE) return;
      changedRows = 0;
      isSaved = true;
      saving = takeRecords(indexes)
        .then(library.saveIndexes)
        .then(
          (isStored) => {
            if (!isStored) isSaved = false;
          },
          () => {}, // a disk that is full now is so at the next search too: it is tried when more has changed
        )
        .finally(() => {
          saving = undefined;
        });
    },
  };
}

export type SavedIndexes = ReturnType<typeof createSavedIndexes>;
