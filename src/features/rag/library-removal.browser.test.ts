import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createPdfPageRenderer } from '#adapters/page-renderer-pdf/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner } from '#core/jobs/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from '#core/rag/hashed-embedder.test-support.ts';
import { createLibrary } from '#core/rag/index.ts';
import { createOverlapReranker } from '#core/rag/overlap-reranker.test-support.ts';
import { until } from '#shared/until.test-support.ts';
import { createLibraryController } from './index.ts';

const PUMP = Array.from(
  { length: 1600 },
  (_, i) => `The pump number ${i} is oiled in week ${(i % 50) + 1}.`,
).join(' ');
const BREAD = 'Bread rises for two hours in a warm kitchen.';
const file = (name: string, text: string): File => new File([text], name, { type: 'text/markdown' });

/** The library screen's controller over the real library, with an embedder that computes in microseconds. */
async function makeReal() {
  const name = `removal-test-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name });
  const embedder = createHashedEmbedder();
  const jobs = createJobRunner({
    repository: repositories.jobs,
    changes: repositories.changes,
    locks: createWebLocks(name),
  });
  const library = createLibrary({
    repositories,
    parsers: createParsers(),
    embedder,
    reranker: createOverlapReranker(),
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    createVectorIndex: createExactIndex,
    createLexicalIndex: createBm25Index,
    locks: createWebLocks(name),
    sha256: sha256Of,
    now: Date.now,
  });
  const notes: string[] = [];
  let undo: (() => void) | undefined;
  let chosen: ModelSpec = HASHED;
  const controller = createLibraryController({
    repositories,
    library,
    jobs,
    pages: createPdfPageRenderer(),
    embedder: async () => chosen,
    notify: (message, action) => {
      notes.push(message);
      undo = action?.onSelect;
    },
  });
  return {
    name,
    repositories,
    embedder,
    jobs,
    library,
    controller,
    notes,
    undo: () => undo?.(),
    choose: (model: ModelSpec) => {
      chosen = model;
    },
    async names(query: string): Promise<readonly string[]> {
      const request = { query, collectionIds: [], limit: 5, embedder: HASHED };
      return (await library.search(request)).passages.map(({ documentName }) => documentName);
    },
    dispose(): void {
      controller.dispose();
      jobs.dispose();
      repositories.close();
      indexedDB.deleteDatabase(name);
    },
  };
}

/** Every store in which the words stand, read past all of our own code. */
async function storesWith(name: string, words: readonly string[]): Promise<readonly string[]> {
  const open = indexedDB.open(name);
  const db = await new Promise<IDBDatabase>((resolve) => {
    open.onsuccess = () => resolve(open.result);
  });
  const found: string[] = [];
  for (const store of db.objectStoreNames) {
    const all = db.transaction(store).objectStore(store);
    const [rows, keys] = [all.getAll(), all.getAllKeys()];
    await new Promise((resolve) => {
      all.transaction.oncomplete = resolve;
    });
    const text = JSON.stringify([rows.result, keys.result]);
    if (words.some((word) => text.includes(word))) found.push(store);
  }
  db.close();
  return found;
}

describe('what is taken out of the library', () => {
  let real: Awaited<ReturnType<typeof makeReal>>;
  const state = () => real.controller.store.getState();
  const idOf = (name: string): string =>
    state().documents.find((document) => document.name === name)?.id ?? '';
  const allReady = (count: number) =>
    until(
      () => state().documents.length === count && state().documents.every(({ status }) => status === 'ready'),
    );

  beforeEach(async () => {
    real = await makeReal();
    await until(() => state().isLoaded);
  });
  afterEach(() => real.dispose());

  test('of a deleted document nothing is left in any store, and undo needs no embedding', async () => {
    await real.controller.addFiles([file('pump.md', PUMP), file('bread.md', BREAD)]);
    await allReady(2);
    const id = idOf('pump.md');
    expect(await real.names('pump number 17')).toContain('pump.md');
    // The indexes are saved a little after the search that brought them up to date.
    const stores = ['blobs', 'chunks', 'documents', 'indexes', 'jobs', 'vectors'];
    await expect.poll(() => storesWith(real.name, [id])).toEqual(stores);
    const embedded = real.embedder.embedded.length;
    await real.controller.removeDocument(id);
    // The list of jobs names what a job was about until it is dismissed; nothing of the document is in it.
    expect(await storesWith(real.name, [id, 'is oiled'])).toEqual(['jobs']);
    expect(await real.names('pump number 17')).toEqual([]);
    expect(await real.names('bread rises')).toEqual(['bread.md']);
    real.undo();
    await allReady(2);
    expect(await real.names('pump number 17')).toContain('pump.md');
    expect(real.embedder.embedded).toHaveLength(embedded);
  });

  test('a job that is discarded leaves what other jobs have made, and undo brings its part back', async () => {
    await real.controller.addFiles([file('bread.md', BREAD)]);
    await allReady(1);
    let go: () => void = () => {};
    let batches = 0;
    real.embedder.pause = async () => {
      if (++batches === 3) await new Promise<void>((resolve) => (go = resolve));
    };
    await real.controller.addFiles([file('pump.md', PUMP)]);
    await until(() => batches === 3);
    const id = await until(() => idOf('pump.md') || undefined);
    const job = await until(() => state().jobs[0]);
    const discarding = real.controller.discardJob(job.id);
    go();
    real.embedder.pause = undefined;
    await discarding;
    expect(await real.repositories.library.chunks(id)).toEqual([]);
    expect(await storesWith(real.name, ['is oiled'])).toEqual([]);
    expect(await real.repositories.library.document(id)).toMatchObject({
      status: 'queued',
      embeddedCount: 0,
    });
    expect(await real.names('pump number 17')).toEqual([]);
    expect(await real.names('bread rises')).toEqual(['bread.md']);
    expect(real.notes.at(-1)).toBe('Discarded what was indexed of 1 document.');
    real.undo();
    await until(async () => (await real.repositories.library.chunks(id)).length > 0);
    expect(await real.names('pump number 3')).toContain('pump.md');
    const before = real.embedder.embedded.length;
    await real.controller.indexWaiting();
    await allReady(2);
    const { length } = await real.repositories.library.chunks(id);
    expect(real.embedder.embedded.length - before).toBeLessThan(length);
  });

  test('a re-index that is discarded: the documents answer as before, and the words say so', async () => {
    await real.controller.addFiles([file('pump.md', PUMP)]);
    await allReady(1);
    const { spaceId } = state().documents[0] ?? {};
    real.choose({ ...HASHED, id: 'other', label: 'Other' });
    const newer = createHashedEmbedder('other-space');
    let go: () => void = () => {};
    let batches = 0;
    newer.pause = async () => {
      if (++batches === 3) await new Promise<void>((resolve) => (go = resolve));
    };
    const { load, embed } = real.embedder;
    real.embedder.load = newer.load;
    real.embedder.embed = newer.embed;
    await real.controller.readAgain();
    await until(() => batches === 3);
    const job = await until(() => state().jobs[0]);
    const discarding = real.controller.discardJob(job.id);
    go();
    await discarding;
    expect(state().documents[0]).toMatchObject({ status: 'ready', spaceId });
    expect(state().documents[0]).not.toHaveProperty('next');
    expect(real.notes.at(-1)).toBe(
      'Stopped. Documents that were read again keep their new reading, the others answer as before.',
    );
    Object.assign(real.embedder, { load, embed });
    expect(await real.names('pump number 17')).toContain('pump.md');
  });

  test('two editions are named; both can be kept, one can go, and both choices can be undone', async () => {
    await real.controller.addFiles([file('pump.md', PUMP)]);
    await allReady(1);
    await real.controller.addFiles([file('pump (2).md', PUMP.replace('pump number 7 ', 'pump no 7 '))]);
    await allReady(2);
    const id = idOf('pump (2).md');
    const twin = await until(() => state().nearDuplicates.get(id));
    expect(twin.of).toBe(idOf('pump.md'));
    expect(twin.similarity).toBeGreaterThan(0.9);
    await real.controller.keepBoth(id, twin.of);
    await until(() => state().nearDuplicates.size === 0);
    real.undo();
    await until(() => state().nearDuplicates.size === 1);
    await real.controller.removeDocument(twin.of);
    await until(() => state().nearDuplicates.size === 0);
    real.undo();
    await until(() => state().nearDuplicates.size === 1);
  });

  test('another embedder: the library offers to read again, and says no more when it has', async () => {
    await real.controller.addFiles([file('bread.md', BREAD)]);
    await allReady(1);
    await real.controller.noteStale();
    expect(state().stale).toBeUndefined();
    real.choose({ ...HASHED, id: 'other', label: 'Other' });
    await real.controller.noteEmbedder();
    expect(state().stale).toEqual({ documentIds: [idOf('bread.md')], embedderLabel: 'Other' });
    const newer = createHashedEmbedder('other-space');
    real.embedder.load = newer.load;
    real.embedder.embed = newer.embed;
    await real.controller.readAgain();
    await until(() => state().stale === undefined);
    expect((await real.repositories.library.spaces()).map(({ modelId }) => modelId)).toEqual(['other']);
    expect(real.jobs.jobs()[0]?.label).toBe('Re-indexing bread.md with Other');
    expect(newer.embedded).toHaveLength(1);
  });
});
