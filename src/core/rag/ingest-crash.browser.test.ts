import { array, assert, asyncProperty, boolean, nat, record } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { IngestInput, Library } from '#core/ports/library.ts';
import { nextId } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { LibraryRepository, Repositories } from '#core/ports/repositories.ts';
import type { TextEmbedder } from '#core/ports/text-embedder.ts';
import type { Progress } from '#shared/call.ts';
import { createId } from '#shared/ids.ts';
import { createLibrary } from './create-library.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from './hashed-embedder.test-support.ts';
import { createOverlapReranker } from './overlap-reranker.test-support.ts';

const OLD: ModelSpec = { ...HASHED, id: 'old-model' };
const NEW: ModelSpec = { ...HASHED, id: 'new-model' };

const long = (topic: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${topic} number ${i} is checked in week ${(i % 50) + 1}.`).join(
    ' ',
  );
/** Many batches, a document over several of them, small ones that share one. */
const TEXTS = [
  long('Valve', 1100),
  'Bread rises for two hours.',
  long('Pump', 300),
  'Ferns grow in the shade.',
];

/** Two embedders in one worker, each with a space of its own; `broken` spoils what they give. */
function createTwoEmbedders(broken?: (vectors: Float32Array) => void): TextEmbedder {
  const byId = new Map([
    [OLD.id, createHashedEmbedder('space-old')],
    [NEW.id, createHashedEmbedder('space-new')],
  ]);
  const of = (id: string) => byId.get(id) ?? createHashedEmbedder('nobody');
  return {
    load: (input, options) => of(input.model.id).load(input, options),
    unload: (input, options) => of(input.modelId).unload(input, options),
    async embed(input, options) {
      const embeddings = await of(input.modelId).embed(input, options);
      if (input.kind === 'passage' && input.texts.some((text) => text.includes('number')))
        broken?.(embeddings.vectors);
      return embeddings;
    },
  };
}

/** A worker that dies at its nth write, before or after that is on the disk, and never writes again. */
function dyingAt(repositories: Repositories, write: number, isWritten: boolean): Repositories {
  const { library } = repositories;
  let left = write;
  let isDead = false;
  const mortal =
    <A extends unknown[]>(act: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      if (isDead) throw new Error('The worker is dead.');
      isDead = left-- <= 0;
      if (!isDead || isWritten) await act(...args);
      if (isDead) throw new Error('The worker was killed.');
    };
  const dying: LibraryRepository = {
    ...library,
    commit: mortal(library.commit),
    switchDocument: mortal(library.switchDocument),
    dropNext: mortal(library.dropNext),
    restoreDocument: mortal(library.restoreDocument),
    dropEmptySpaces: mortal(library.dropEmptySpaces),
  };
  return { ...repositories, library: dying };
}

/** A file of the disk that was written to after it was chosen: reading it throws what the browser throws. */
async function changedFile(text: string): Promise<File> {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle(`changed-${createId()}.md`, { create: true });
  const write = async (content: string): Promise<void> => {
    const writable = await handle.createWritable();
    await writable.write(content);
    await writable.close();
  };
  await write(text);
  const file = await handle.getFile();
  await write(`${text} And more.`);
  return file;
}

describe('an ingest whose worker is killed', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  beforeEach(async () => {
    name = `ingest-crash-test-${createId()}`;
    repositories = await openRepositories({ name });
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  const libraryOver = (over: Repositories, embedder = createTwoEmbedders()): Library =>
    createLibrary({
      repositories: over,
      parsers: createParsers(),
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

  async function add(texts: readonly string[] = TEXTS): Promise<readonly string[]> {
    const files = texts.map((text, i) => new File([text], `${i}.md`, { type: 'text/markdown' }));
    return (await libraryOver(repositories).addFiles({ files, collectionId: 'c' })).documentIds;
  }

  async function jobOver(documentIds: readonly string[], embedder: ModelSpec): Promise<string> {
    const id = createId();
    const input: IngestInput = { documentIds, embedder };
    await repositories.jobs.save({
      id,
      kind: 'ingest',
      label: 'Indexing',
      input,
      state: 'running',
      createdAt: 1,
      updatedAt: 1,
    });
    return id;
  }

  /** Everything that is stored of the documents, by space: text of chunks and the ordinals that have a vector. */
  async function stored(documentIds: readonly string[]) {
    const rows: Record<string, string[]> = {};
    for (const { id } of await repositories.library.spaces())
      for await (const { documentIds: owners, ordinals } of repositories.library.segments(id))
        owners.forEach((owner, i) => {
          if (owner === '') return;
          rows[id] = [...(rows[id] ?? []), `${documentIds.indexOf(owner)} ${ordinals[i]}`];
        });
    for (const list of Object.values(rows)) list.sort();
    const chunks = await Promise.all(documentIds.map((id) => repositories.library.chunks(id)));
    const rests = await Promise.all(documentIds.map((id) => repositories.library.chunks(nextId(id))));
    const documents = await Promise.all(documentIds.map((id) => repositories.library.document(id)));
    return {
      rows,
      chunks: chunks.map((list) => list.map(({ ordinal, text }) => `${ordinal} ${text}`)),
      rests: rests.flat().length,
      documents: documents.map((document) => [
        document?.status,
        document?.spaceId,
        document?.chunkCount,
        document?.embeddedCount,
        document?.next,
      ]),
    };
  }

  const kills = array(record({ write: nat(24), isWritten: boolean() }), { minLength: 1, maxLength: 4 });

  async function killAndResume(
    jobId: string,
    points: readonly { readonly write: number; readonly isWritten: boolean }[],
    between: () => Promise<void> = async () => {},
  ): Promise<void> {
    for (const { write, isWritten } of points) {
      await libraryOver(dyingAt(repositories, write, isWritten))
        .ingest({ jobId })
        .catch(() => {});
      await between();
    }
    expect(await libraryOver(repositories).ingest({ jobId })).toEqual({ ready: TEXTS.length, failed: 0 });
  }

  test('at any writes: no chunk is missing or double', async () => {
    const ids = await add();
    await libraryOver(repositories).ingest({ jobId: await jobOver(ids, OLD) });
    const expected = await stored(ids);
    expect(expected.chunks.flat().length).toBeGreaterThan(100);
    await assert(
      asyncProperty(kills, async (points) => {
        for (const id of ids) await repositories.library.removeDocument(id);
        await add();
        await killAndResume(await jobOver(ids, OLD), points);
        expect(await stored(ids)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  test('while it reads again for another embedder: what was there answers until the new is whole', async () => {
    const ids = await add();
    const ask = async (embedder: ModelSpec): Promise<void> => {
      const library = libraryOver(repositories);
      for (const [query, file] of [
        ['pump number 17 checked in week 18', '2.md'],
        ['bread rises two hours', '1.md'],
      ] as const) {
        const { passages } = await library.search({
          query,
          embedder,
          mode: 'dense',
          collectionIds: [],
          limit: 3,
        });
        expect(passages[0]?.documentName).toBe(file);
      }
    };
    await libraryOver(repositories).ingest({ jobId: await jobOver(ids, NEW) });
    const expected = await stored(ids);
    await assert(
      asyncProperty(kills, async (points) => {
        for (const id of ids) await repositories.library.removeDocument(id);
        await add();
        await libraryOver(repositories).ingest({ jobId: await jobOver(ids, OLD) });
        expect((await libraryOver(repositories).stale({ embedder: NEW })).documentIds).toHaveLength(4);
        await ask(NEW);
        await killAndResume(await jobOver(ids, NEW), points, () => ask(NEW));
        await ask(NEW);
        expect(await stored(ids)).toEqual(expected);
        expect((await repositories.library.spaces()).map(({ id }) => id)).toEqual(['space-new']);
        expect((await libraryOver(repositories).stale({ embedder: NEW })).documentIds).toEqual([]);
      }),
      { numRuns: 6 },
    );
  }, 120_000);

  test('a former embedder that cannot be asked is named; its documents are found by words', async () => {
    const ids = await add();
    await libraryOver(repositories).ingest({ jobId: await jobOver(ids, OLD) });
    const two = createTwoEmbedders();
    const library = libraryOver(repositories, {
      ...two,
      load: (input, options) =>
        input.model.id === OLD.id ? Promise.reject(new Error('gone')) : two.load(input, options),
    });
    const found = await library.search({
      query: 'bread rises two hours',
      embedder: NEW,
      collectionIds: [],
      limit: 3,
    });
    expect(found.unaskedModels).toEqual([OLD.id]);
    expect(found.passages[0]?.documentName).toBe('1.md');
  });

  for (const [what, spoil] of [
    ['NaN', (vectors: Float32Array) => vectors.fill(Number.NaN, 0, 1)],
    ['zeros', (vectors: Float32Array) => vectors.fill(0, 0, 192)],
  ] as const)
    test(`${what} from an embedder end the job by name, and nothing of the batch is stored`, async () => {
      const [id = ''] = await add([TEXTS[0] ?? '']);
      const jobId = await jobOver([id], OLD);
      await expect(
        libraryOver(repositories, createTwoEmbedders(spoil)).ingest({ jobId }),
      ).rejects.toMatchObject({ code: 'model/integrity', message: expect.stringContaining('0.md') });
      expect(await repositories.library.chunks(id)).toEqual([]);
      expect((await repositories.library.snapshotDocument(id))?.vectors).toEqual([]);
      expect(await libraryOver(repositories).ingest({ jobId })).toEqual({ ready: 1, failed: 0 });
    });

  test('a file that changes while it is read fails by name, and is read when asked again', async () => {
    const [id = '', other = ''] = await add();
    const jobId = await jobOver([id, other], OLD);
    const changed = await changedFile(TEXTS[0] ?? '');
    const { library } = repositories;
    const changing = libraryOver({
      ...repositories,
      library: {
        ...library,
        blob: async (key) => (key === `original:${id}` ? changed : library.blob(key)),
      },
    });
    expect(await changing.ingest({ jobId })).toEqual({ ready: 1, failed: 1 });
    expect((await library.document(id))?.error).toMatchObject({
      code: 'input/invalid',
      message: expect.stringContaining('0.md'),
    });
    expect(await libraryOver(repositories).ingest({ jobId })).toEqual({ ready: 2, failed: 0 });
    const { rejected } = await libraryOver(repositories).addFiles({ files: [changed], collectionId: 'c' });
    expect(rejected).toMatchObject([{ name: changed.name, code: 'input/invalid' }]);
  });

  test('progress has a total, and neither it nor the bar goes backwards, also over a stop', async () => {
    const ids = await add();
    const jobId = await jobOver(ids, OLD);
    const events: Progress[] = [];
    const run = (over: Repositories) =>
      libraryOver(over).ingest({ jobId }, { onProgress: (event) => events.push(event) });
    await run(dyingAt(repositories, 6, true)).catch(() => {});
    const stopped = events.length;
    await run(repositories);
    for (const part of [events.slice(0, stopped), events.slice(stopped)]) {
      const shown = part.filter(({ phase }) => phase === 'embed');
      const dones = shown.map(({ done }) => done);
      expect(dones).toEqual([...dones].sort((a, b) => a - b));
      const bar = shown.flatMap(({ share }) => (share === undefined ? [] : [share]));
      expect(bar).toEqual([...bar].sort((a, b) => a - b));
    }
    const before = events.slice(0, stopped).findLast(({ phase }) => phase === 'embed');
    const after = events.slice(stopped).find(({ phase }) => phase === 'embed');
    expect(after?.done).toBeGreaterThanOrEqual((before?.done ?? 0) - 2 * 48); // what was not written is done again
    expect(after?.done).toBeGreaterThan(0);
    const embedding = events.filter(({ phase }) => phase === 'embed');
    const total = (await stored(ids)).chunks.flat().length;
    expect(embedding.at(-1)).toMatchObject({ done: total, total });
    expect(embedding.at(-1)?.isEstimate).toBeUndefined();
    const shares = embedding.flatMap(({ share }) => (share === undefined ? [] : [share]));
    expect(shares.length).toBeGreaterThan(embedding.length / 2);
    expect(shares.at(-1)).toBe(1);
  });
});
