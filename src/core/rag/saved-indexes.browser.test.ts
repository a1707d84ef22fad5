import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex, createInt8Index } from '#adapters/index-scan/index.ts';
import { createMiniSearchIndex } from '#adapters/lexical-minisearch/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { Library } from '#core/ports/library.ts';
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

  /** A library as a new worker has it, and the vector indexes that it made. */
  function start(): { readonly library: Library; readonly made: Made[] } {
    const made: Made[] = [];
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
      createLexicalIndex: createMiniSearchIndex,
      locks: createWebLocks(createId()),
      sha256: sha256Of,
      now: Date.now,
    });
    return { library, made };
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
      const { passages } = await library.search({ ...query, mode: 'dense' });
      hits.push(...passages.map(({ documentName, ordinal }) => `${topic}: ${documentName} ${ordinal}`));
    }
    return hits;
  }

  const savedCount = async (): Promise<number> => (await repositories.library.savedIndexes()).length;

  /** Ingested, searched, and saved. */
  async function saved(topics: readonly string[]) {
    const first = start();
    const ids = await ingest(first.library, topics);
    const hits = await found(first.library);
    await expect.poll(savedCount).toBe(1);
    return { ids, hits, first };
  }

  test('opens from its bytes and finds the same', async () => {
    const { hits, first } = await saved(TOPICS);
    expect(hits.length).toBeGreaterThan(TOPICS.length);
    expect(first.made).toEqual([{ kind: 'int8', isOpened: false }]);
    const second = start();
    expect(await found(second.library)).toEqual(hits);
    expect(second.made).toEqual([{ kind: 'int8', isOpened: true }]);
  });

  test('what came after it was saved is found too, and what went is not', async () => {
    const { ids, first } = await saved(TOPICS.slice(0, 7));
    await ingest(start().library, TOPICS.slice(7));
    const second = start();
    expect(await found(second.library)).toEqual(await found(first.library));
    expect(second.made).toEqual([{ kind: 'int8', isOpened: true }]);
    await repositories.library.removeDocument(ids[0] ?? '');
    expect(await savedCount()).toBe(0); // it held codes of the removed text
    const third = start();
    const hits = await found(third.library);
    expect(third.made).toEqual([{ kind: 'int8', isOpened: false }]);
    expect(hits.some((hit) => hit.includes(`${TOPICS[0]}.md`))).toBe(false);
    expect(hits).toEqual(await found(second.library));
  });

  test('bytes that cannot be read are no loss', async () => {
    const { hits } = await saved(TOPICS);
    const [record] = await repositories.library.savedIndexes();
    if (record) await repositories.library.saveIndex({ ...record, blob: new Blob(['nothing']) });
    const second = start();
    expect(await found(second.library)).toEqual(hits);
    expect(second.made.map(({ isOpened }) => isOpened)).toEqual([true, false]);
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
