import type { LexicalIndex } from '#core/ports/lexical-index.ts';
import type { ChunkRecord, DocumentRecord, VectorSegment } from '#core/ports/library-records.ts';
import type { ChangeFeed, LibraryRepository, SettingsRepository } from '#core/ports/repositories.ts';
import type { CreateVectorIndex, VectorIndex } from '#core/ports/vector-index.ts';
import { createKeySet, type KeySet } from '#shared/key-set.ts';
import { createBreather } from './breathe.ts';
import {
  chooseIndexKind,
  INDEX_CHOICE_KEY,
  type IndexChoice,
  isRightKind,
  parseIndexChoice,
} from './choose-index.ts';

export interface PassageIndexPorts {
  readonly library: LibraryRepository;
  readonly settings: SettingsRepository;
  readonly changes: ChangeFeed;
  readonly createVectorIndex: CreateVectorIndex;
  readonly createLexicalIndex: () => LexicalIndex;
}

export interface PassagePlace {
  readonly documentId: string;
  readonly ordinal: number;
}

interface Entry {
  /** What the indexes hold of the document: when the stored row says something else, it is read again. */
  readonly version: string;
  readonly collectionIds: ReadonlySet<string>;
  readonly keys: ReadonlyMap<number, number>;
}

/** Everything about a stored document on which its rows in the indexes depend. */
function versionOf({ parserId, parserVersion, chunkerVersion, embeddedCount }: DocumentRecord): string {
  return [parserId, parserVersion, chunkerVersion, embeddedCount].join(' ');
}

const headingOf = ({ headingPath }: ChunkRecord): string => headingPath.join(' ');

/**
 * The passages of all documents in memory: words in one lexical index, vectors in one vector index a space. Made from
 * storage when it is first asked, then kept in step: what this or any other tab writes marks its documents, and the next
 * `sync` reads those again. Storage is the truth; nothing here is ever written back.
 */
export function createPassageIndex(ports: PassageIndexPorts) {
  const { library, settings, changes, createVectorIndex, createLexicalIndex } = ports;
  const places: PassagePlace[] = [];
  const entries = new Map<string, Entry>();
  const dense = new Map<string, VectorIndex>();
  const lexical = createLexicalIndex();
  const dirty = new Set<string>();
  const filters = new Map<string, KeySet>();
  let choice: IndexChoice | undefined;
  let mustReadAll = true;
  let syncing: Promise<void> | undefined;

  const unsubscribe = changes.subscribe(({ store, ids }) => {
    if (store === 'settings' && (ids.length === 0 || ids.includes(INDEX_CHOICE_KEY))) choice = undefined;
    if (store !== 'documents' && store !== 'collections') return;
    if (store === 'documents' && ids.length === 0) mustReadAll = true;
    if (store === 'documents') for (const id of ids) dirty.add(id);
  });

  const passageCount = (): number => [...entries.values()].reduce((sum, { keys }) => sum + keys.size, 0);

  async function denseOf(spaceId: string, dimension: number): Promise<VectorIndex> {
    const kind = chooseIndexKind(passageCount(), choice ?? 'auto');
    const index = dense.get(spaceId) ?? (await createVectorIndex(dimension, { kind }));
    dense.set(spaceId, index);
    return index;
  }

  function drop(documentId: string): void {
    const keys = entries.get(documentId)?.keys.values();
    entries.delete(documentId);
    filters.clear();
    if (keys === undefined) return;
    const gone = [...keys];
    lexical.remove(gone);
    for (const index of dense.values()) index.remove(gone);
  }

  function* keysIn(collectionIds: readonly string[]): Generator<number> {
    for (const { keys, collectionIds: own } of entries.values())
      if (collectionIds.some((id) => own.has(id))) yield* keys.values();
  }

  function addWords(document: DocumentRecord, chunks: readonly ChunkRecord[]): Entry {
    const keys = new Map<number, number>();
    const rows = chunks.map((chunk) => {
      const key = places.length;
      places.push({ documentId: document.id, ordinal: chunk.ordinal });
      keys.set(chunk.ordinal, key);
      return { key, text: chunk.text, heading: headingOf(chunk) };
    });
    lexical.add(rows);
    const entry = { version: versionOf(document), collectionIds: new Set(document.collectionIds), keys };
    entries.set(document.id, entry);
    filters.clear();
    return entry;
  }

  async function readAll(signal: AbortSignal | undefined): Promise<void> {
    const breathe = createBreather(signal);
    for (const id of [...entries.keys()]) drop(id);
    for (const document of await library.documents()) {
      addWords(document, await library.chunks(document.id));
      await breathe();
    }
    for (const { id, dimension } of await library.spaces()) {
      dense.delete(id);
      await readSpace(id, await denseOf(id, dimension), signal);
    }
  }

  async function readSpace(id: string, index: VectorIndex, signal: AbortSignal | undefined): Promise<void> {
    const breathe = createBreather(signal);
    for await (const segment of library.segments(id)) {
      addSegment(segment, index);
      await breathe();
    }
  }

  /** Indexes that have outgrown their kind, or of which another kind was chosen, are built anew from storage. */
  async function changeKinds(signal: AbortSignal | undefined): Promise<void> {
    choice ??= parseIndexChoice(await settings.get(INDEX_CHOICE_KEY));
    for (const [id, { kind, size, dimension }] of [...dense]) {
      if (isRightKind(kind, size, choice)) continue;
      const index = await createVectorIndex(dimension, { kind: chooseIndexKind(size, choice) });
      await readSpace(id, index, signal);
      dense.set(id, index);
    }
  }

  function addSegment({ documentIds, ordinals, vectors }: VectorSegment, index: VectorIndex): void {
    const { dimension } = index;
    const keys: number[] = [];
    const rows: number[] = [];
    for (const [row, documentId] of documentIds.entries()) {
      const key = entries.get(documentId)?.keys.get(ordinals[row] ?? -1);
      if (key === undefined) continue;
      keys.push(key);
      rows.push(row);
    }
    const picked = new Float32Array(rows.length * dimension);
    for (const [i, row] of rows.entries())
      picked.set(vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
    index.add(keys, picked);
  }

  async function readAgain(documentId: string): Promise<void> {
    const stored = await library.document(documentId);
    const entry = entries.get(documentId);
    if (stored === undefined) return drop(documentId);
    if (entry?.version === versionOf(stored)) {
      entries.set(documentId, { ...entry, collectionIds: new Set(stored.collectionIds) });
      filters.clear();
      return;
    }
    const snapshot = await library.snapshotDocument(documentId);
    drop(documentId);
    if (snapshot === undefined) return;
    const { keys } = addWords(snapshot.document, snapshot.chunks);
    for (const { spaceId, dimension, ordinals, vectors } of snapshot.vectors) {
      const rows = ordinals.map((ordinal) => keys.get(ordinal));
      if (rows.every((key) => key !== undefined)) (await denseOf(spaceId, dimension)).add(rows, vectors);
    }
  }

  async function syncNow(signal: AbortSignal | undefined): Promise<void> {
    choice ??= parseIndexChoice(await settings.get(INDEX_CHOICE_KEY));
    if (mustReadAll) {
      mustReadAll = false;
      dirty.clear();
      try {
        await readAll(signal);
      } catch (error) {
        mustReadAll = true; // half an index would hide documents
        throw error;
      }
    }
    for (const id of [...dirty]) {
      dirty.delete(id);
      try {
        await readAgain(id);
      } catch (error) {
        dirty.add(id);
        throw error;
      }
    }
    await changeKinds(signal);
  }

  return {
    /** Brings the indexes in step with storage; several callers share one run. */
    async sync(signal?: AbortSignal): Promise<void> {
      while (syncing) await syncing.catch(() => {});
      syncing = syncNow(signal).finally(() => {
        syncing = undefined;
      });
      await syncing;
    },
    lexical,
    /** Undefined: nothing was ever embedded in that space. */
    dense: (spaceId: string): VectorIndex | undefined => dense.get(spaceId),
    place: (key: number): PassagePlace | undefined => places[key],
    /** A filter for searches; no collections = all documents. The same one as long as nothing has changed. */
    acceptsIn(collectionIds: readonly string[]): KeySet | undefined {
      if (collectionIds.length === 0) return undefined;
      const name = [...collectionIds].sort().join('\n');
      const filter = filters.get(name) ?? createKeySet(keysIn(collectionIds));
      filters.set(name, filter);
      return filter;
    },
    /** Passages of these collections (none = all). */
    count(collectionIds: readonly string[]): number {
      let sum = 0;
      for (const { keys, collectionIds: own } of entries.values())
        if (collectionIds.length === 0 || collectionIds.some((id) => own.has(id))) sum += keys.size;
      return sum;
    },
    /** Takes rows of removed documents out at once. */
    forget(documentIds: readonly string[]): void {
      for (const id of documentIds) drop(id);
    },
    dispose: unsubscribe,
  };
}

export type PassageIndex = ReturnType<typeof createPassageIndex>;
