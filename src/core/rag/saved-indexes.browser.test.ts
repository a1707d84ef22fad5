import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex, createInt8Index } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { Library } from '#core/ports/library.ts';
import type { DocumentRecord, SavedIndexRecord } from '#core/ports/library-records.ts';
import type { CreateVectorIndex, VectorIndexKind } from '#core/ports/vector-index.ts';
import { createId } from '#shared/ids.ts';
import { INDEX_CHOICE_KEY } from './choose-index.ts';
import { createLibrary } from './create-library.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from './hashed-embedder.test-support.ts';
import { createOverlapReranker } from './overlap-reranker.test-support.ts';

const TOPICS = ['valves', 'bread', 'trams', 'stars', 'bees', 'violins', 'glaciers', 'printing'];
const textOf = (topic: string): string =>
  Array.from(
    { length: 60 },
    (_, i) => `Fact ${i} about ${topic}: ${topic} number ${i * 7} is of kind ${i % 5}.`,
  ).join(' ');

describe('the index that outlives its worker', () => {
  let name = '';
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  beforeEach(async () => {
    name = `saved-indexes-${createId()}`;
    repositories = await openRepositories({ name });
    await repositories.settings.set(INDEX_CHOICE_KEY, 'int8');
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  interface Made {
    readonly kind: VectorIndexKind;
    readonly isOpened: boolean;
  }

  interface Started {
    readonly library: Library;
    readonly made: Made[];
    /** Passages of which the words were read. */
    readonly wordsOf: () => number;
  }

  /** A library as a new worker has it, and what its indexes were made of. */
  function start(): Started {
    const made: Made[] = [];
    let words = 0;
    const createVectorIndex: CreateVectorIndex = (dimension, options) => {
      made.push({ kind: options?.kind ?? 'exact', isOpened: options?.saved !== undefined });
      return options?.kind === 'int8' ? createInt8Index(dimension, options) : createExactIndex(dimension);
    };
    const library = createLibrary({
      repositories,
      parsers: createParsers(),
      embedder: createHashedEmbedder(),
      reranker: createOverlapReranker(),
      loadTokenizer: async () => hashedTokenizer,
      placement: async () => ({ device: 'cpu', threads: 1 }),
      createVectorIndex,
      createLexicalIndex: (bytes) => {
        const index = createBm25Index(bytes);
        const add: typeof index.add = (entries) => {
          words += entries.length;
          index.add(entries);
        };
        return Object.defineProperty({ ...index, add }, 'size', { get: () => index.size });
      },
      locks: createWebLocks(createId()),
      sha256: sha256Of,
      now: Date.now,
    });
    return { library, made, wordsOf: () => words };
  }

  async function ingest(library: Library, topics: readonly string[]): Promise<readonly string[]> {
    const files = topics.map((topic) => new File([textOf(topic)], `${topic}.md`, { type: 'text/markdown' }));
    const { documentIds } = await library.addFiles({ files, collectionId: 'c' });
    const id = createId();
    const times = { createdAt: 1, updatedAt: 1 };
    const input = { documentIds, embedder: HASHED };
    await repositories.jobs.save({ id, kind: 'ingest', label: '', input, state: 'running', ...times });
    await library.ingest({ jobId: id });
    return documentIds;
  }

  async function found(library: Library): Promise<readonly string[]> {
    const hits: string[] = [];
    for (const topic of TOPICS) {
      const query = { query: `facts about ${topic}`, collectionIds: [], limit: 3, embedder: HASHED };
      for (const mode of ['dense', 'lexical'] as const) {
        const { passages } = await library.search({ ...query, mode });
        hits.push(...passages.map((hit) => `${topic} by ${mode}: ${hit.documentName} ${hit.ordinal}`));
      }
    }
    return hits;
  }

  const savedCount = async (): Promise<number> => (await repositories.library.savedIndexes()).length;

  /** Ingested, searched, and saved. */
  async function saved(topics: readonly string[]) {
    const first = start();
    const ids = await ingest(first.library, topics);
    const hits = await found(first.library);
    await expect.poll(savedCount).toBe(2); // vectors and words
    return { ids, hits, first };
  }

  test('opens from its bytes and finds the same', async () => {
    const { hits, first } = await saved(TOPICS);
    expect(hits.length).toBeGreaterThan(TOPICS.length);
    expect(first.made).toEqual([{ kind: 'int8', isOpened: false }]);
    const second = start();
    expect(await found(second.library)).toEqual(hits);
    expect(second.made).toEqual([{ kind: 'int8', isOpened: true }]);
    expect(second.wordsOf()).toBe(0);
  });

  test('what came after it was saved is found too, and what went is not', async () => {
    const { ids, first } = await saved(TOPICS.slice(0, 7));
    const last = await ingest(start().library, TOPICS.slice(7));
    const second = start();
    expect(await found(second.library)).toEqual(await found(first.library));
    expect(second.made).toEqual([{ kind: 'int8', isOpened: true }]);
    expect(second.wordsOf()).toBe((await repositories.library.chunks(last.at(-1) ?? '')).length);
    await repositories.library.removeDocument(ids[0] ?? '');
    expect(await savedCount()).toBe(0); // it held codes of the removed text
    const third = start();
    const hits = await found(third.library);
    expect(third.made).toEqual([{ kind: 'int8', isOpened: false }]);
    expect(hits.some((hit) => hit.includes(`${TOPICS[0]}.md`))).toBe(false);
    expect(hits).toEqual(await found(second.library));
  });

  test('bytes that cannot be read are no loss, of either', async () => {
    const { hits } = await saved(TOPICS);
    const passages = (await repositories.library.documents()).reduce(
      (sum, each) => sum + each.embeddedCount,
      0,
    );
    for (const spoilt of ['int8', 'words']) {
      const records = await repositories.library.savedIndexes();
      const blob = new Blob(['nothing']);
      await repositories.library.saveIndexes(
        records.map((record) => (record.kind === spoilt ? { ...record, blob } : record)),
      );
      const second = start();
      expect(await found(second.library)).toEqual(hits);
      expect(second.made.map(({ isOpened }) => isOpened)).toEqual(spoilt === 'int8' ? [true, false] : [true]);
      expect(second.wordsOf()).toBe(spoilt === 'words' ? passages : 0);
      await expect
        .poll(async () => (await repositories.library.savedIndexes()).every(({ blob }) => blob.size > 99))
        .toBe(true);
    }
  });

  /** Calls this before anything is stored of what is saved next. */
  function beforeSaving(act: () => Promise<void>): () => number {
    let count = 0;
    const { saveIndexes } = repositories.library;
    const spied = async (records: readonly SavedIndexRecord[]): Promise<boolean> => {
      count += 1;
      if (count === 1) await act();
      return saveIndexes(records);
    };
    Object.assign(repositories.library, { saveIndexes: spied });
    return () => count;
  }

  test('what is saved is of one moment, whatever comes before all of it is stored', async () => {
    const first = start();
    let last: readonly string[] = [];
    await ingest(first.library, TOPICS.slice(0, 7));
    beforeSaving(async () => {
      last = await ingest(first.library, TOPICS.slice(7));
      await found(first.library);
    });
    await found(first.library);
    await expect.poll(savedCount).toBe(2);
    for (const { documents } of await repositories.library.savedIndexes()) expect(documents).toHaveLength(7);
    const second = start();
    expect(await found(second.library)).toEqual(await found(first.library));
    expect(second.made).toEqual([{ kind: 'int8', isOpened: true }]);
    expect(second.wordsOf()).toBe((await repositories.library.chunks(last[0] ?? '')).length);
  });

  test('a document that is read again is no removal: what is saved is not saved anew for it', async () => {
    const { ids } = await saved([...TOPICS, 'kites', 'lamps', 'soap', 'ropes', 'wells']);
    const opened = start();
    await found(opened.library);
    const saves = beforeSaving(async () => {});
    const change = (stored: DocumentRecord): DocumentRecord => ({ ...stored, chunkerVersion: 99 });
    await repositories.library.commit({ updates: [{ id: ids[0] ?? '', change }] });
    await found(opened.library);
    expect(opened.wordsOf()).toBeGreaterThan(0);
    expect(saves()).toBe(0);
    await repositories.library.removeDocument(ids[1] ?? '');
    await found(opened.library);
    expect(saves()).toBe(1);
  });

  test('a kind that is chosen is taken at the next search', async () => {
    const { library, made } = start();
    await ingest(library, TOPICS);
    const hits = await found(library);
    await repositories.settings.set(INDEX_CHOICE_KEY, 'exact');
    expect(await found(library)).toEqual(hits);
    expect(made.map(({ kind }) => kind)).toEqual(['int8', 'exact']);
    const [report] = await library.measureIndex({ collectionIds: [] });
    expect(report).toMatchObject({ kind: 'exact', recallAt10: 1 });
  });
});
