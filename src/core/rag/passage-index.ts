import type { CreateLexicalIndex } from '#core/ports/lexical-index.ts';
import type { ChunkRecord, DocumentRecord, IndexedDocument } from '#core/ports/library-records.ts';
import type { ChangeFeed, LibraryRepository, SettingsRepository } from '#core/ports/repositories.ts';
import type { CreateVectorIndex } from '#core/ports/vector-index.ts';
import { createBreather } from '#shared/breathe.ts';
import { INDEX_CHOICE_KEY, parseIndexChoice } from './choose-index.ts';
import { createDenseSpaces } from './dense-spaces.ts';
import { createPassageKeys } from './passage-keys.ts';
import { createSavedIndexes } from './saved-indexes.ts';

export interface PassageIndexPorts {
  readonly library: LibraryRepository;
  readonly settings: SettingsRepository;
  readonly changes: ChangeFeed;
  readonly createVectorIndex: CreateVectorIndex;
  readonly createLexicalIndex: CreateLexicalIndex;
}

const headingOf = ({ headingPath }: ChunkRecord): string => headingPath.join(' ');

const ordinalsOf = ({ chunkCount }: IndexedDocument): readonly { readonly ordinal: number }[] =>
  Array.from({ length: chunkCount }, (_, ordinal) => ({ ordinal }));

const keysOf = ({ firstKey, chunkCount }: IndexedDocument): readonly number[] =>
  Array.from({ length: chunkCount }, (_, i) => firstKey + i);

/**
 * The passages of all documents in memory: words in one lexical index, vectors in one vector index a space. Made from
 * storage when it is first asked, then kept in step: what this or any other tab writes marks its documents, and the next
 * `sync` reads those again. Storage is the truth; what is written back is the indexes' bytes, to open faster.
 */
export function createPassageIndex(ports: PassageIndexPorts) {
  const { library, settings, changes, createVectorIndex, createLexicalIndex } = ports;
  const keys = createPassageKeys();
  const savedIndexes = createSavedIndexes({ library, createVectorIndex, createLexicalIndex });
  const dense = createDenseSpaces({ library, createVectorIndex, keys, saved: savedIndexes });
  let lexical = createLexicalIndex();
  const dirty = new Set<string>();
  let isChoiceKnown = false;
  let mustReadAll = true;
  let syncing: Promise<void> | undefined;

  const unsubscribe = changes.subscribe(({ store, ids }) => {
    if (store === 'settings' && (ids.length === 0 || ids.includes(INDEX_CHOICE_KEY))) isChoiceKnown = false;
    if (store !== 'documents' && store !== 'collections') return;
    if (store === 'documents' && ids.length === 0) mustReadAll = true;
    if (store === 'documents') for (const id of ids) dirty.add(id);
  });

  /** False: there was none of it. */
  function drop(documentId: string): boolean {
    const gone = keys.drop(documentId);
    if (gone === undefined) return false;
    lexical.remove(gone);
    dense.remove(gone);
    return true;
  }

  /** The document is gone from storage, and what was saved is gone with it. */
  function erase(documentId: string): void {
    if (drop(documentId)) savedIndexes.noteErased();
  }

  function addWords(document: DocumentRecord, chunks: readonly ChunkRecord[], firstKey?: number): void {
    const given = keys.add(document, chunks, firstKey);
    lexical.add(
      chunks.map((chunk, i) => ({ key: given[i] ?? -1, text: chunk.text, heading: headingOf(chunk) })),
    );
    savedIndexes.noteAdded(chunks.length);
  }

  async function readAll(signal: AbortSignal | undefined): Promise<void> {
    const breathe = createBreather(signal);
    const saved = keys.isNew ? await savedIndexes.read() : undefined;
    const savedWords = saved && (await savedIndexes.openWords());
    keys.reserve(saved?.nextKey ?? 0);
    for (const id of keys.documentIds) keys.drop(id);
    lexical = savedWords ?? createLexicalIndex();
    const gone = new Map(saved?.documents);
    const unknown: string[] = [];
    for (const document of await library.documents()) {
      const as = gone.get(document.id);
      const isKnown = as !== undefined && keys.isAsSaved(as, document);
      if (isKnown && savedWords) keys.add(document, ordinalsOf(as), as.firstKey);
      else addWords(document, await library.chunks(document.id), isKnown ? as.firstKey : undefined);
      if (isKnown) gone.delete(document.id);
      else unknown.push(document.id);
      await breathe();
    }
    for (const document of gone.values()) lexical.remove(keysOf(document));
    await dense.readAll(saved && { gone: [...gone.values()], unknown }, signal);
  }

  async function readAgain(documentId: string): Promise<void> {
    const stored = await library.document(documentId);
    if (stored === undefined) return erase(documentId);
    if (keys.isCurrent(stored)) return keys.moveTo(stored);
    const snapshot = await library.snapshotDocument(documentId);
    drop(documentId);
    if (snapshot === undefined) return;
    addWords(snapshot.document, snapshot.chunks);
    await dense.addSnapshot(documentId, snapshot.vectors);
  }

  async function syncNow(signal: AbortSignal | undefined): Promise<void> {
    if (!isChoiceKnown) {
      isChoiceKnown = true;
      dense.setChoice(parseIndexChoice(await settings.get(INDEX_CHOICE_KEY)));
    }
    if (mustReadAll || dirty.size > 0) await dense.markCovered();
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
    await dense.changeKinds(signal);
    savedIndexes.saveIfChanged({ vectors: dense.all(), words: lexical, documents: keys.indexed });
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
    get lexical() {
      return lexical;
    },
    /** Undefined: nothing was ever embedded in that space. */
    dense: dense.get,
    spaceIds: dense.ids,
    keyOf: keys.keyOf,
    place: keys.place,
    nameOf: keys.nameOf,
    /** A filter for searches; no collections = all documents. The same one as long as nothing has changed. */
    acceptsIn: keys.filter,
    /** Passages of these collections (none = all). */
    count: keys.count,
    /** Takes rows of removed documents out at once. */
    forget(documentIds: readonly string[]): void {
      for (const id of documentIds) erase(id);
    },
    dispose: unsubscribe,
  };
}

export type PassageIndex = ReturnType<typeof createPassageIndex>;
