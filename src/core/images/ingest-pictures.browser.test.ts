import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImageRepository, Repositories } from '#core/ports/repositories.ts';
import type { Progress } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import { COLOUR_MODEL, createColourEmbedder } from './colour-embedder.test-support.ts';
import { sorted } from './ingest-house.test-support.ts';
import { halves, halvesFile, manyFiles } from './pictures.test-support.ts';
import { openStoredHouse } from './stored-house.test-support.ts';

describe('an ingest of pictures', () => {
  let stored: Awaited<ReturnType<typeof openStoredHouse>>;
  let repositories: Repositories;
  let house: (typeof stored)['house'];
  beforeEach(async () => {
    stored = await openStoredHouse();
    ({ repositories, house } = stored);
  });
  afterEach(() => stored.end());

  test('stores record, thumbnail, hash and vector of each', async () => {
    const ids = await house.add();
    const progress: Progress[] = [];
    const jobId = await house.jobOver(ids);
    const { busyShare, ...counts } = await house
      .over()
      .ingest({ jobId }, { onProgress: (event) => progress.push(event) });
    expect(counts).toEqual({ ready: 56, failed: 0 });
    expect(busyShare).toBeGreaterThan(0);
    expect(busyShare).toBeLessThanOrEqual(1);
    expect(await house.rows()).toEqual({ 'space-new': sorted(ids) });
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
    const ids = await house.add([
      ...manyFiles().slice(0, 20),
      new File([cut], 'cut.ppm'),
      halvesFile('red', 'red'),
    ]);
    const jobId = await house.jobOver(ids);
    expect(await house.over().ingest({ jobId })).toMatchObject({ ready: 21, failed: 1 });
    const broken = (await repositories.images.list()).filter(({ status }) => status === 'failed');
    expect(broken).toMatchObject([{ name: 'cut.ppm', error: { code: 'input/invalid' } }]);
    expect((await house.rows())['space-new']).toHaveLength(21);
    // Asked again, it is tried again; added again, it is queued again.
    expect(await house.over().ingest({ jobId })).toMatchObject({ ready: 21, failed: 1 });
    expect(await house.over().add({ files: [new File([cut], 'cut.ppm')] })).toMatchObject({
      imageIds: [broken[0]?.id],
      alreadyThere: [],
    });
    expect((await repositories.images.get(broken[0]?.id ?? ''))?.error).toBeUndefined();
  });

  test('while it runs, what is stored is found', async () => {
    const ids = await house.add();
    const embedder = createColourEmbedder();
    const pictures = house.over(repositories, embedder);
    const counts: number[] = [];
    embedder.pause = async () => {
      const { searched } = await pictures.search({ embedder: COLOUR_MODEL, words: 'red', limit: 1 });
      counts.push(searched);
    };
    await pictures.ingest({ jobId: await house.jobOver(ids, COLOUR_MODEL) });
    expect(counts).toHaveLength(4);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThanOrEqual(32);
  });

  test('decoding runs ahead of the embedder, and not without bounds', async () => {
    const ids = await house.add(manyFiles(3));
    const embedder = createColourEmbedder();
    const { decoder } = house;
    let most = 0;
    decoder.pause = async () => {
      await until(() => decoder.atOnce === 4);
      const embedded = embedder.batches.reduce((sum, count) => sum + count, 0);
      most = Math.max(most, decoder.decoded.length + 1 - embedded);
    };
    // While the first batch is at the embedder, the two behind it are made.
    embedder.pause = async () => {
      if (embedder.batches.length === 0) await until(() => decoder.decoded.length >= 48);
    };
    await house.over(repositories, embedder).ingest({ jobId: await house.jobOver(ids, COLOUR_MODEL) });
    expect(decoder.decoded).toHaveLength(168);
    expect(most).toBeGreaterThanOrEqual(48);
    expect(most).toBeLessThanOrEqual(48 + 4);
    expect(decoder.atOnce).toBe(4);
  });

  test('a stop is heard while the embedder is at work', async () => {
    const ids = await house.add();
    const embedder = createColourEmbedder();
    const stop = new AbortController();
    embedder.pause = async () => {
      stop.abort();
      await new Promise(() => {}); // it never answers
    };
    const run = house
      .over(repositories, embedder)
      .ingest({ jobId: await house.jobOver(ids, COLOUR_MODEL) }, { signal: stop.signal });
    await expect(run).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(await house.rows()).toEqual({});
  });

  test.each(['worker/crashed', 'model/device-lost'] as const)('%s: loaded again, once', async (code) => {
    const ids = await house.add();
    const embedder = createColourEmbedder();
    const jobId = await house.jobOver(ids, COLOUR_MODEL);
    embedder.loseNext(code);
    expect(await house.over(repositories, embedder).ingest({ jobId })).toMatchObject({
      ready: 56,
      failed: 0,
    });
    expect(embedder.loads).toBe(2);
    expect(await house.rows()).toEqual({ 'space-colours': sorted(ids) });
    embedder.loseNext(code, 99);
    const again = await house.add(manyFiles(2).slice(1, 2));
    await expect(
      house.over(repositories, embedder).ingest({ jobId: await house.jobOver(again, COLOUR_MODEL) }),
    ).rejects.toMatchObject({ code });
  });

  for (const [code, at] of [
    ['storage/quota-exceeded', 2],
    ['model/out-of-memory', 0],
  ] as const)
    test(`${code} ends the job with all that is stored kept`, async () => {
      const ids = await house.add();
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
      const jobId = await house.jobOver(ids, COLOUR_MODEL);
      const run = house.over({ ...repositories, images: full }, embedder).ingest({ jobId });
      await expect(run).rejects.toMatchObject({ code });
      expect((await house.rows())['space-colours'] ?? []).toHaveLength(at * 16);
      const statuses = (await images.list()).map(({ status }) => status);
      expect(statuses.filter((status) => status === 'failed')).toEqual([]);
      expect(await house.over(repositories, embedder).ingest({ jobId })).toMatchObject({
        ready: 56,
        failed: 0,
      });
    });

  test('NaN from the model ends the job by the name of the picture', async () => {
    const ids = await house.add();
    const embedder = createColourEmbedder();
    embedder.spoil = (vectors) => vectors.fill(Number.NaN, 0, 1);
    const jobId = await house.jobOver(ids, COLOUR_MODEL);
    await expect(house.over(repositories, embedder).ingest({ jobId })).rejects.toMatchObject({
      code: 'model/integrity',
      message: expect.stringContaining('red-green-0.ppm'),
    });
    expect(await house.rows()).toEqual({});
  });

  test('one that is removed while it runs stays away', async () => {
    const ids = await house.add();
    const embedder = createColourEmbedder();
    const [gone = ''] = ids;
    embedder.pause = async () => {
      await repositories.images.remove([gone]);
    };
    const jobId = await house.jobOver(ids, COLOUR_MODEL);
    expect(await house.over(repositories, embedder).ingest({ jobId })).toMatchObject({
      ready: 55,
      failed: 0,
    });
    expect(await house.rows()).toEqual({ 'space-colours': sorted(ids.slice(1)) });
    expect(await repositories.images.blob(`thumbnail:${gone}`)).toBeUndefined();
  });
});
