import { array, assert, asyncProperty, boolean, nat, record } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Pictures } from '#core/ports/pictures.ts';
import type { ImageRepository, Repositories } from '#core/ports/repositories.ts';
import type { Progress } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { COLOUR_MODEL, createColourEmbedder } from './colour-embedder.test-support.ts';
import { createPictures } from './index.ts';
import { halves, halvesFile, manyFiles } from './pictures.test-support.ts';
import { createPpmDecoder } from './ppm-decoder.test-support.ts';

const OLD: ModelSpec = { ...COLOUR_MODEL, id: 'old-model' };
const NEW: ModelSpec = { ...COLOUR_MODEL, id: 'new-model' };

/** Two models in one worker, each with a space of its own. */
function createTwoEmbedders(): ImageEmbedder {
  const [old, fresh] = [createColourEmbedder('space-old'), createColourEmbedder('space-new')];
  const of = (id: string) => (id === OLD.id ? old : fresh);
  return {
    load: (input, options) => of(input.model.id).load(input, options),
    unload: (input, options) => of(input.modelId).unload(input, options),
    embedImages: (input, options) => of(input.modelId).embedImages(input, options),
    embedTexts: (input, options) => of(input.modelId).embedTexts(input, options),
  };
}

/** A worker that dies at its nth write, before or after that is on the disk, and never writes again. */
function dyingAt(repositories: Repositories, write: number, isWritten: boolean): Repositories {
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
  const images: ImageRepository = {
    ...repositories.images,
    commit: mortal(repositories.images.commit),
    dropOtherSpaces: mortal(repositories.images.dropOtherSpaces),
  };
  return { ...repositories, images };
}

describe('an ingest of pictures', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  let decoder: ReturnType<typeof createPpmDecoder>;
  beforeEach(async () => {
    name = `pictures-ingest-test-${createId()}`;
    repositories = await openRepositories({ name });
    decoder = createPpmDecoder();
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  const over = (
    of: Repositories = repositories,
    embedder: ImageEmbedder = createTwoEmbedders(),
    onEmbedderEnd: (listener: () => void) => void = () => {},
  ): Pictures =>
    createPictures({
      repositories: of,
      decoder,
      embedder,
      placement: async () => ({ device: 'cpu', threads: 1 }),
      createVectorIndex: createExactIndex,
      locks: createWebLocks(createId()),
      sha256: sha256Of,
      now: Date.now,
      onEmbedderEnd,
    });

  async function add(files: readonly File[] = manyFiles()): Promise<readonly string[]> {
    return (await over().add({ files })).imageIds;
  }

  async function jobOver(imageIds: readonly string[], embedder: ModelSpec = NEW): Promise<string> {
    const id = createId();
    const job = {
      kind: 'image-ingest',
      label: 'Indexing',
      state: 'running',
      createdAt: 1,
      updatedAt: 1,
    } as const;
    await repositories.jobs.save({ ...job, id, input: { imageIds, embedder } });
    return id;
  }

  /** The pictures that have a vector, by space, in order; each exactly as often as it has one. */
  async function rows(): Promise<Record<string, readonly string[]>> {
    const found: Record<string, string[]> = {};
    for (const spaceId of ['space-old', 'space-new', 'space-colours'])
      for await (const { imageIds } of repositories.images.segments(spaceId))
        found[spaceId] = [...(found[spaceId] ?? []), ...imageIds.filter((id) => id !== '')].sort();
    return found;
  }

  const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();

  test('stores record, thumbnail, hash and vector of each', async () => {
    const ids = await add();
    const progress: Progress[] = [];
    const jobId = await jobOver(ids);
    const { busyShare, ...counts } = await over().ingest(
      { jobId },
      { onProgress: (event) => progress.push(event) },
    );
    expect(counts).toEqual({ ready: 56, failed: 0 });
    expect(busyShare).toBeGreaterThan(0);
    expect(busyShare).toBeLessThanOrEqual(1);
    expect(await rows()).toEqual({ 'space-new': sorted(ids) });
    for (const picture of await repositories.images.list()) {
      expect(picture).toMatchObject({ status: 'ready', width: 24, height: 24, spaceId: 'space-new' });
      expect(picture.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
      expect((await repositories.images.blob(`thumbnail:${picture.id}`))?.size).toBeGreaterThan(0);
    }
    expect(progress.map(({ done }) => done)).toEqual([16, 32, 48, 56]);
    expect(progress.every(({ total }) => total === 56)).toBe(true);
    expect(await repositories.jobs.get(jobId)).toMatchObject({
      cursor: { ready: 56, failed: 0 },
      progress: { done: 56 },
    });
  });

  test('a broken picture is recorded with its reason, and the rest goes on', async () => {
    const cut = (await halves('red', 'blue', 9).arrayBuffer()).slice(0, 900);
    const ids = await add([
      ...manyFiles().slice(0, 20),
      new File([cut], 'cut.ppm'),
      halvesFile('red', 'red'),
    ]);
    const jobId = await jobOver(ids);
    expect(await over().ingest({ jobId })).toMatchObject({ ready: 21, failed: 1 });
    const broken = (await repositories.images.list()).filter(({ status }) => status === 'failed');
    expect(broken).toMatchObject([{ name: 'cut.ppm', error: { code: 'input/invalid' } }]);
    expect((await rows())['space-new']).toHaveLength(21);
    // Asked again, it is tried again; added again, it is queued again.
    expect(await over().ingest({ jobId })).toMatchObject({ ready: 21, failed: 1 });
    expect(await over().add({ files: [new File([cut], 'cut.ppm')] })).toMatchObject({
      imageIds: [broken[0]?.id],
      alreadyThere: [],
    });
    expect((await repositories.images.get(broken[0]?.id ?? ''))?.error).toBeUndefined();
  });

  test('killed at any writes: each picture exactly once', async () => {
    const ids = await add();
    const points = array(record({ write: nat(6), isWritten: boolean() }), { minLength: 1, maxLength: 4 });
    await assert(
      asyncProperty(points, async (kills) => {
        await repositories.images.remove(ids);
        await add();
        const jobId = await jobOver(ids);
        for (const { write, isWritten } of kills)
          await over(dyingAt(repositories, write, isWritten))
            .ingest({ jobId })
            .catch(() => {});
        expect(await over().ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
        expect(await rows()).toEqual({ 'space-new': sorted(ids) });
        const { hits } = await over().search({ embedder: NEW, words: 'red', limit: 99 });
        expect(sorted(hits.map(({ imageId }) => imageId))).toEqual(sorted(ids));
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  test('for another model they stay findable, until the new one has them all', async () => {
    const ids = await add();
    await over().ingest({ jobId: await jobOver(ids, OLD) });
    const find = async () => {
      const pictures = over();
      const { hits, searched, unaskedModels } = await pictures.search({
        embedder: NEW,
        words: 'left red',
        limit: 7,
      });
      expect([hits.length, searched, unaskedModels]).toEqual([7, 56, undefined]);
      for (const { imageId } of hits) expect((await repositories.images.get(imageId))?.name).toMatch(/^red-/);
    };
    expect((await over().stale({ embedder: NEW })).imageIds).toHaveLength(56);
    expect((await over().stale({ embedder: OLD })).imageIds).toEqual([]);
    await find();
    const jobId = await jobOver(ids, NEW);
    await expect(over(dyingAt(repositories, 1, true)).ingest({ jobId })).rejects.toThrow();
    expect(Object.keys(await rows())).toEqual(['space-old', 'space-new']);
    expect((await over().stale({ embedder: NEW })).imageIds).toHaveLength(24);
    await find();
    expect(await over().ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
    expect(await rows()).toEqual({ 'space-new': sorted(ids) });
    await find();
  });

  test('a job over a part of the pictures leaves the others their former space', async () => {
    const ids = await add();
    await over().ingest({ jobId: await jobOver(ids, OLD) });
    await over().ingest({ jobId: await jobOver(ids.slice(0, 5), NEW) });
    expect((await rows())['space-old']).toEqual(sorted(ids));
    const { searched } = await over().search({ embedder: NEW, words: 'red', limit: 1 });
    expect(searched).toBe(56);
    const { unaskedModels } = await over(repositories, {
      ...createTwoEmbedders(),
      load: (input, options) =>
        input.model.id === OLD.id
          ? Promise.reject(new AppError('model/not-found', 'gone'))
          : createColourEmbedder('space-new').load(input, options),
      embedTexts: async () => ({ vectors: new Float32Array(16).fill(0.25), dimension: 16, count: 1 }),
    }).search({ embedder: NEW, words: 'red', limit: 1 });
    expect(unaskedModels).toEqual([OLD.id]);
  });

  test('while it runs, what is stored is found', async () => {
    const ids = await add();
    const embedder = createColourEmbedder();
    const pictures = over(repositories, embedder);
    const counts: number[] = [];
    embedder.pause = async () => {
      const { searched } = await pictures.search({ embedder: COLOUR_MODEL, words: 'red', limit: 1 });
      counts.push(searched);
    };
    await pictures.ingest({ jobId: await jobOver(ids, COLOUR_MODEL) });
    expect(counts).toHaveLength(4);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThanOrEqual(32);
  });

  test('decoding runs ahead of the embedder, and not without bounds', async () => {
    const ids = await add(manyFiles(3));
    const embedder = createColourEmbedder();
    const ahead: number[] = [];
    let embedded = 0;
    embedder.pause = async () => {
      const before = decoder.decoded.length;
      // As long as anything is decoded while this batch is held, wait for more.
      for (let last = -1; last !== decoder.decoded.length; ) {
        last = decoder.decoded.length;
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      ahead.push(decoder.decoded.length - embedded);
      embedded += Math.min(16, before - embedded);
    };
    await over(repositories, embedder).ingest({ jobId: await jobOver(ids, COLOUR_MODEL) });
    expect(ahead[0]).toBeGreaterThanOrEqual(32);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(16 * 4);
    expect(decoder.atOnce).toBe(2);
  });

  test('a stop is heard within one picture; what is stored stays, and the rest is done later', async () => {
    const ids = await add();
    const stop = new AbortController();
    decoder.pause = async () => {
      if (decoder.decoded.length === 40) stop.abort();
    };
    const jobId = await jobOver(ids);
    await expect(over().ingest({ jobId }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'abort/by-user',
    });
    expect(decoder.decoded.length).toBeLessThanOrEqual(41);
    decoder.pause = undefined;
    const stored = (await rows())['space-new'] ?? [];
    expect(stored.length % 16).toBe(0);
    expect(await over().ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
    expect(await rows()).toEqual({ 'space-new': sorted(ids) });
  });

  test('a stop is heard while the embedder is at work', async () => {
    const ids = await add();
    const embedder = createColourEmbedder();
    const stop = new AbortController();
    embedder.pause = async () => {
      stop.abort();
      await new Promise(() => {}); // it never answers
    };
    const run = over(repositories, embedder).ingest(
      { jobId: await jobOver(ids, COLOUR_MODEL) },
      { signal: stop.signal },
    );
    await expect(run).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(await rows()).toEqual({});
  });

  test.each(['worker/crashed', 'model/device-lost'] as const)('%s: loaded again, once', async (code) => {
    const ids = await add();
    const embedder = createColourEmbedder();
    const jobId = await jobOver(ids, COLOUR_MODEL);
    embedder.loseNext(code);
    expect(await over(repositories, embedder).ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
    expect(embedder.loads).toBe(2);
    expect(await rows()).toEqual({ 'space-colours': sorted(ids) });
    embedder.loseNext(code, 99);
    const again = await add(manyFiles(2).slice(1, 2));
    await expect(
      over(repositories, embedder).ingest({ jobId: await jobOver(again, COLOUR_MODEL) }),
    ).rejects.toMatchObject({ code });
  });

  for (const [code, at] of [
    ['storage/quota-exceeded', 2],
    ['model/out-of-memory', 0],
  ] as const)
    test(`${code} ends the job with all that is stored kept`, async () => {
      const ids = await add();
      const embedder = createColourEmbedder();
      const { images } = repositories;
      let left: number = at;
      const full: ImageRepository = {
        ...images,
        commit: async (batch) => {
          if (code.startsWith('storage') && left-- <= 0) throw new AppError(code, 'full');
          await images.commit(batch);
        },
      };
      if (code.startsWith('model')) embedder.loseNext('model/out-of-memory');
      const jobId = await jobOver(ids, COLOUR_MODEL);
      const run = over({ ...repositories, images: full }, embedder).ingest({ jobId });
      await expect(run).rejects.toMatchObject({ code });
      expect((await rows())['space-colours'] ?? []).toHaveLength(at * 16);
      const statuses = (await images.list()).map(({ status }) => status);
      expect(statuses.filter((status) => status === 'failed')).toEqual([]);
      expect(await over(repositories, embedder).ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
    });

  test('NaN from the model ends the job by the name of the picture', async () => {
    const ids = await add();
    const embedder = createColourEmbedder();
    embedder.spoil = (vectors) => vectors.fill(Number.NaN, 0, 1);
    const jobId = await jobOver(ids, COLOUR_MODEL);
    await expect(over(repositories, embedder).ingest({ jobId })).rejects.toMatchObject({
      code: 'model/integrity',
      message: expect.stringContaining('red-green-0.ppm'),
    });
    expect(await rows()).toEqual({});
  });

  test('one that is removed while it runs stays away', async () => {
    const ids = await add();
    const embedder = createColourEmbedder();
    const [gone = ''] = ids;
    embedder.pause = async () => {
      await repositories.images.remove([gone]);
    };
    const jobId = await jobOver(ids, COLOUR_MODEL);
    expect(await over(repositories, embedder).ingest({ jobId })).toMatchObject({ ready: 55, failed: 0 });
    expect(await rows()).toEqual({ 'space-colours': sorted(ids.slice(1)) });
    expect(await repositories.images.blob(`thumbnail:${gone}`)).toBeUndefined();
  });

  test('a model whose files changed under the job ends it: two spaces never meet', async () => {
    const ids = await add();
    let loads = 0;
    const [first, second] = [createColourEmbedder('space-old'), createColourEmbedder('space-new')];
    const embedder: ImageEmbedder = {
      ...second,
      load: (input, options) => (++loads === 1 ? first : second).load(input, options),
      embedImages: (input, options) => second.embedImages(input, options),
    };
    const jobId = await jobOver(ids, NEW);
    await expect(over(repositories, embedder).ingest({ jobId })).rejects.toMatchObject({
      code: 'job/interrupted',
    });
    expect(await rows()).toEqual({});
  });
});
