import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { IngestInput, Library } from '#core/ports/library.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createLibrary } from './create-library.ts';
import {
  createHashedEmbedder,
  HASHED,
  type HashedEmbedder,
  hashedTokenizer,
} from './hashed-embedder.test-support.ts';
import { createOverlapReranker } from './overlap-reranker.test-support.ts';

const EMPTY = { pages: [], headings: [], boxes: [] };

const LONG = Array.from(
  { length: 1500 },
  (_, i) => `Valve number ${i} is checked in week ${(i % 50) + 1} by the team of hall ${i * 3}.`,
).join(' ');

function libraryOver(
  repositories: Repositories,
  embedder: HashedEmbedder,
  parsers = createParsers(),
): Library {
  return createLibrary({
    repositories,
    parsers,
    embedder,
    reranker: createOverlapReranker(),
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    createVectorIndex: createExactIndex,
    createLexicalIndex: createBm25Index,
    locks: createWebLocks(createId()),
    sha256: sha256Of,
    now: Date.now,
  });
}

/** Storage that refuses what has vectors once so many batches are in, as a full disk does. */
function fullAfter(repositories: Repositories, batches: number): Repositories {
  let left = batches;
  const { library } = repositories;
  return {
    ...repositories,
    library: {
      ...library,
      commit: async (batch) => {
        if (batch.vectors && left-- <= 0) throw new AppError('storage/quota-exceeded', 'The disk is full.');
        await library.commit(batch);
      },
    },
  };
}

describe('ingest', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  beforeEach(async () => {
    name = `ingest-test-${createId()}`;
    repositories = await openRepositories({ name });
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  async function prepare(library: Library, texts: readonly string[]) {
    const files = texts.map((text, i) => new File([text], `${i}.md`, { type: 'text/markdown' }));
    const { documentIds } = await library.addFiles({ files, collectionId: 'c' });
    const id = createId();
    await repositories.jobs.save({
      id,
      kind: 'ingest',
      label: 'Indexing',
      input: { documentIds, embedder: HASHED } satisfies IngestInput,
      state: 'running',
      createdAt: 1,
      updatedAt: 1,
    });
    return { jobId: id, documentIds };
  }

  async function expectWhole(documentId: string): Promise<void> {
    const stored = await repositories.library.snapshotDocument(documentId);
    const ordinals = stored?.vectors.flatMap((rows) => rows.ordinals).sort((a, b) => a - b);
    expect(stored?.document.status).toBe('ready');
    expect(ordinals).toEqual(stored?.chunks.map((_, i) => i));
    expect(stored?.document.embeddedCount).toBe(stored?.chunks.length);
  }

  test('a full disk ends the job, keeps what is stored, and nothing of that is embedded again', async () => {
    const first = createHashedEmbedder();
    const full = libraryOver(fullAfter(repositories, 2), first);
    const { jobId, documentIds } = await prepare(full, [LONG]);
    await expect(full.ingest({ jobId })).rejects.toMatchObject({ code: 'storage/quota-exceeded' });
    const [id = ''] = documentIds;
    const half = await repositories.library.document(id);
    expect(half?.embeddedCount).toBe(96);
    expect(await repositories.library.chunks(id)).toHaveLength(96);

    const second = createHashedEmbedder();
    expect(await libraryOver(repositories, second).ingest({ jobId })).toEqual({ ready: 1, failed: 0 });
    await expectWhole(id);
    expect(second.embedded).toHaveLength((await repositories.library.chunks(id)).length - 96);
    expect(second.embedded.some((text) => first.embedded.slice(0, 96).includes(text))).toBe(false);
  });

  test('a dead embedder is started again once; the second death ends the job', async () => {
    const embedder = createHashedEmbedder();
    const library = libraryOver(repositories, embedder);
    const { jobId, documentIds } = await prepare(library, [LONG]);
    embedder.crashNext(2);
    await expect(library.ingest({ jobId })).rejects.toMatchObject({ code: 'worker/crashed' });
    embedder.crashNext(1);
    const loadsBefore = embedder.loads;
    expect(await library.ingest({ jobId })).toEqual({ ready: 1, failed: 0 });
    expect(embedder.loads).toBeGreaterThan(loadsBefore);
    await expectWhole(documentIds[0] ?? '');
  });

  test('is searchable while the rest goes on', async () => {
    const embedder = createHashedEmbedder();
    const library = libraryOver(repositories, embedder);
    const { jobId } = await prepare(library, [LONG]);
    const found: number[] = [];
    let batch = 0;
    embedder.pause = async () => {
      batch++;
      if (batch !== 4) return;
      embedder.pause = undefined;
      const { searchedChunks } = await library.search({
        query: 'valve number 3',
        collectionIds: [],
        limit: 3,
        mode: 'lexical',
      });
      found.push(searchedChunks);
    };
    await library.ingest({ jobId });
    expect(found[0]).toBeGreaterThanOrEqual(48);
  });

  test('many small documents share batches', async () => {
    const embedder = createHashedEmbedder();
    const library = libraryOver(repositories, embedder);
    const texts = Array.from({ length: 60 }, (_, i) => `Note ${i} about topic ${i * 7}.`);
    const { jobId, documentIds } = await prepare(library, texts);
    let batches = 0;
    embedder.pause = async () => void batches++;
    expect(await library.ingest({ jobId })).toEqual({ ready: 60, failed: 0 });
    expect(batches).toBeLessThan(4);
    for (const id of documentIds) await expectWhole(id);
  });

  test('another embedder: the document is cut and embedded anew, in a space of its own', async () => {
    const { jobId, documentIds } = await prepare(libraryOver(repositories, createHashedEmbedder('one')), [
      LONG,
    ]);
    await libraryOver(repositories, createHashedEmbedder('one')).ingest({ jobId });
    const again = createHashedEmbedder('two');
    expect(await libraryOver(repositories, again).ingest({ jobId })).toEqual({ ready: 1, failed: 0 });
    await expectWhole(documentIds[0] ?? '');
    const stored = await repositories.library.snapshotDocument(documentIds[0] ?? '');
    expect(new Set(stored?.vectors.map(({ spaceId }) => spaceId))).toEqual(new Set(['two']));
  });

  test('a parser of a newer version: what the older one read is stale, and is read again in its space', async () => {
    const before = libraryOver(repositories, createHashedEmbedder());
    const { jobId, documentIds } = await prepare(before, [LONG, 'A note without a version.']);
    await before.ingest({ jobId });
    expect((await before.stale({ embedder: HASHED })).documentIds).toEqual([]);

    const parsers = createParsers().map((parser) =>
      parser.id === 'markdown'
        ? { ...parser, version: parser.version + 1, parse: async () => ({ ...EMPTY, text: 'Read anew.' }) }
        : parser,
    );
    const after = libraryOver(repositories, createHashedEmbedder(), parsers);
    const stale = (await after.stale({ embedder: HASHED })).documentIds;
    expect([...stale].sort()).toEqual([...documentIds].sort());
    expect(await after.ingest({ jobId })).toEqual({ ready: 2, failed: 0 });
    expect((await after.stale({ embedder: HASHED })).documentIds).toEqual([]);
    for (const id of documentIds) {
      await expectWhole(id);
      expect((await repositories.library.chunks(id)).map(({ text }) => text)).toEqual(['Read anew.']);
    }
  });

  test('a document that is removed while it is embedded stays away', async () => {
    const embedder = createHashedEmbedder();
    const library = libraryOver(repositories, embedder);
    const { jobId, documentIds } = await prepare(library, [LONG]);
    let batch = 0;
    embedder.pause = async () => {
      if (++batch === 3) await repositories.library.removeDocument(documentIds[0] ?? '');
    };
    await library.ingest({ jobId });
    expect(await repositories.library.documents()).toEqual([]);
    expect(await repositories.library.chunks(documentIds[0] ?? '')).toEqual([]);
  });
});
