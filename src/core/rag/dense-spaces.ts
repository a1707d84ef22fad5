import type { IndexedDocument, VectorSegment } from '#core/ports/library-records.ts';
import type { DocumentSnapshot, LibraryRepository } from '#core/ports/repositories.ts';
import type { CreateVectorIndex, VectorIndex } from '#core/ports/vector-index.ts';
import { createBreather } from '#shared/breathe.ts';
import { chooseIndexKind, type IndexChoice, isRightKind } from './choose-index.ts';
import type { PassageKeys } from './passage-keys.ts';
import type { SavedIndexes } from './saved-indexes.ts';

export interface DenseSpacesPorts {
  readonly library: LibraryRepository;
  readonly createVectorIndex: CreateVectorIndex;
  readonly keys: PassageKeys;
  readonly saved: SavedIndexes;
}

/** One vector index a space: built from the stored segments or opened as it was saved, of the kind that its size asks for. */
export function createDenseSpaces({ library, createVectorIndex, keys, saved }: DenseSpacesPorts) {
  const indexes = new Map<string, VectorIndex>();
  let choice: IndexChoice = 'auto';

  async function indexOf(spaceId: string, dimension: number): Promise<VectorIndex> {
    const known = indexes.get(spaceId);
    if (known) return known;
    const index = await createVectorIndex(dimension, { kind: chooseIndexKind(keys.count(), choice) });
    indexes.set(spaceId, index);
    return index;
  }

  function addSegment({ documentIds, ordinals, vectors }: VectorSegment, index: VectorIndex): void {
    const { dimension } = index;
    const rows = documentIds.flatMap((documentId, row) => {
      const key = keys.keyOf(documentId, ordinals[row] ?? -1);
      return key === undefined ? [] : [{ key, row }];
    });
    const picked = new Float32Array(rows.length * dimension);
    for (const [i, { row }] of rows.entries())
      picked.set(vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
    index.add(
      rows.map(({ key }) => key),
      picked,
    );
    saved.noteAdded(rows.length);
  }

  async function readSegments(
    spaceId: string,
    index: VectorIndex,
    signal: AbortSignal | undefined,
    from = 0,
  ): Promise<void> {
    const breathe = createBreather(signal);
    for await (const segment of library.segments(spaceId, from)) {
      addSegment(segment, index);
      await breathe();
    }
  }

  async function addSnapshot(documentId: string, vectors: DocumentSnapshot['vectors']): Promise<void> {
    for (const { spaceId, dimension, ordinals, vectors: rows } of vectors) {
      const rowKeys = ordinals.flatMap((ordinal) => keys.keyOf(documentId, ordinal) ?? []);
      if (rowKeys.length < ordinals.length) continue;
      (await indexOf(spaceId, dimension)).add(rowKeys, rows);
      saved.noteAdded(rowKeys.length);
    }
  }

  /** False: nothing is saved of that kind. */
  async function open(
    spaceId: string,
    dimension: number,
    { gone, unknown }: KeyChanges,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const opened = await saved.open(spaceId, chooseIndexKind(keys.count(), choice), dimension);
    if (opened === undefined) return false;
    const { index, segmentCount } = opened;
    for (const { firstKey, chunkCount } of gone)
      index.remove(Array.from({ length: chunkCount }, (_, i) => firstKey + i));
    indexes.set(spaceId, index);
    await readSegments(spaceId, index, signal, Math.max(0, segmentCount - 1));
    for (const id of unknown) {
      const snapshot = await library.snapshotDocument(id);
      await addSnapshot(id, snapshot?.vectors.filter((part) => part.spaceId === spaceId) ?? []);
    }
    return true;
  }

  return {
    get: (spaceId: string): VectorIndex | undefined => indexes.get(spaceId),
    ids: (): readonly string[] => [...indexes.keys()],
    setChoice(chosen: IndexChoice): void {
      choice = chosen;
    },
    all: (): ReadonlyMap<string, VectorIndex> => indexes,
    /** To be called before anything is read: what is written later is not covered by what is then saved. */
    async markCovered(): Promise<void> {
      await saved.markCovered((await library.spaces()).map(({ id }) => id));
    },
    /** Everything anew, from what was saved where most of it still holds. */
    async readAll(changes: KeyChanges | undefined, signal: AbortSignal | undefined): Promise<void> {
      indexes.clear();
      const isWorthOpening = changes && changes.unknown.length * 2 <= keys.documentIds.length;
      for (const { id, dimension } of await library.spaces()) {
        if (isWorthOpening && (await open(id, dimension, changes, signal))) continue;
        await readSegments(id, await indexOf(id, dimension), signal);
      }
    },
    addSnapshot,
    remove(gone: readonly number[]): void {
      for (const index of indexes.values()) index.remove(gone);
    },
    /** Indexes that have outgrown their kind, or of which another kind was chosen, are built anew from storage. */
    async changeKinds(signal: AbortSignal | undefined): Promise<void> {
      for (const [id, { kind, size, dimension }] of [...indexes]) {
        if (isRightKind(kind, size, choice)) continue;
        const index = await createVectorIndex(dimension, { kind: chooseIndexKind(size, choice) });
        await readSegments(id, index, signal);
        indexes.set(id, index);
      }
    },
  };
}

interface KeyChanges {
  /** Documents of a saved index that are removed or changed. */
  readonly gone: readonly IndexedDocument[];
  /** Documents that are not in a saved index as they are now. */
  readonly unknown: readonly string[];
}
