import type { PassageSet } from '#core/ports/library-insight.ts';
import type { ChunkRecord, DocumentRecord, IndexedDocument } from '#core/ports/library-records.ts';
import { createKeySet, type KeySet } from '#shared/key-set.ts';

export interface PassagePlace {
  readonly documentId: string;
  readonly ordinal: number;
}

interface Entry {
  /** What the indexes hold of the document: when the stored row says something else, it is read again. */
  readonly version: string;
  readonly name: string;
  readonly collectionIds: ReadonlySet<string>;
  readonly keys: ReadonlyMap<number, number>;
}

/** Everything about a stored document on which its rows in the indexes depend. */
function versionOf(document: DocumentRecord): string {
  const { parserId, parserVersion, chunkerVersion, embeddedCount, spaceId } = document;
  return [parserId, parserVersion, chunkerVersion, embeddedCount, spaceId].join(' ');
}

/** Which chunk a key of the indexes stands for. A key is never given twice. */
export function createPassageKeys() {
  const places: PassagePlace[] = [];
  const entries = new Map<string, Entry>();
  const filters = new Map<string, KeySet>();

  const isIn = ({ collectionIds }: Entry, wanted: readonly string[]): boolean =>
    wanted.length === 0 || wanted.some((id) => collectionIds.has(id));

  function* keysIn(wanted: readonly string[]): Generator<number> {
    for (const entry of entries.values()) if (isIn(entry, wanted)) yield* entry.keys.values();
  }

  function* keysWithin(wanted: readonly string[], within: readonly PassageSet[]): Generator<number> {
    for (const { documentId, ordinals } of within) {
      const entry = entries.get(documentId);
      if (entry === undefined || !isIn(entry, wanted)) continue;
      for (const ordinal of ordinals) {
        const key = entry.keys.get(ordinal);
        if (key !== undefined) yield key;
      }
    }
  }

  return {
    /** No key was ever given. */
    get isNew() {
      return places.length === 0;
    },
    get documentIds(): readonly string[] {
      return [...entries.keys()];
    },
    /** Keys below are spoken for: a saved index goes by them. */
    reserve(nextKey: number): void {
      places.length = Math.max(places.length, nextKey);
    },
    /** Gives keys to a document's chunks, in order: from `firstKey` on, else the next free ones. */
    add(
      document: DocumentRecord,
      chunks: readonly Pick<ChunkRecord, 'ordinal'>[],
      firstKey = places.length,
    ): readonly number[] {
      const keys = new Map<number, number>();
      for (const [i, { ordinal }] of chunks.entries()) {
        places[firstKey + i] = { documentId: document.id, ordinal };
        keys.set(ordinal, firstKey + i);
      }
      const { name } = document;
      const collectionIds = new Set(document.collectionIds);
      entries.set(document.id, { version: versionOf(document), name, collectionIds, keys });
      filters.clear();
      return [...keys.values()];
    },
    /** The keys that a document had; undefined: it had none. */
    drop(documentId: string): readonly number[] | undefined {
      const keys = entries.get(documentId)?.keys.values();
      entries.delete(documentId);
      filters.clear();
      return keys && [...keys];
    },
    isCurrent: (document: DocumentRecord): boolean =>
      entries.get(document.id)?.version === versionOf(document),
    /** Whether the rows of a saved index are those of the document as it is stored. */
    isAsSaved: (saved: IndexedDocument, document: DocumentRecord): boolean =>
      saved.version === versionOf(document),
    /** What may change of a document without any change of its passages. */
    moveTo({ id, name, collectionIds }: DocumentRecord): void {
      const entry = entries.get(id);
      if (entry) entries.set(id, { ...entry, name, collectionIds: new Set(collectionIds) });
      filters.clear();
    },
    keyOf: (documentId: string, ordinal: number): number | undefined =>
      entries.get(documentId)?.keys.get(ordinal),
    place: (key: number): PassagePlace | undefined => places[key],
    /** Of a document that has passages here. */
    nameOf: (documentId: string): string | undefined => entries.get(documentId)?.name,
    /** The same set as long as nothing has changed; no collections = undefined = all documents. */
    filter(collectionIds: readonly string[], within?: readonly PassageSet[]): KeySet | undefined {
      if (within) return createKeySet(keysWithin(collectionIds, within));
      if (collectionIds.length === 0) return undefined;
      const name = [...collectionIds].sort().join('\n');
      const filter = filters.get(name) ?? createKeySet(keysIn(collectionIds));
      filters.set(name, filter);
      return filter;
    },
    /** Passages of these collections (none = all). */
    count: (collectionIds: readonly string[] = []): number =>
      [...entries.values()].reduce(
        (sum, entry) => (isIn(entry, collectionIds) ? sum + entry.keys.size : sum),
        0,
      ),
    /** As a saved index needs it to be opened again. */
    indexed: (): readonly IndexedDocument[] =>
      [...entries].flatMap(([id, { version, keys }]) => {
        const firstKey = keys.get(0);
        return firstKey === undefined ? [] : [{ id, version, firstKey, chunkCount: keys.size }];
      }),
  };
}

export type PassageKeys = ReturnType<typeof createPassageKeys>;
