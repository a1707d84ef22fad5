import { array, assert, asyncProperty, boolean, nat, record } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import { createColourEmbedder } from './colour-embedder.test-support.ts';
import { createTwoEmbedders, dyingAt, NEW, OLD, sorted } from './ingest-house.test-support.ts';
import { openStoredHouse } from './stored-house.test-support.ts';

describe('an ingest of pictures that is stopped, killed or made for another model', () => {
  let stored: Awaited<ReturnType<typeof openStoredHouse>>;
  let repositories: Repositories;
  let house: (typeof stored)['house'];
  beforeEach(async () => {
    stored = await openStoredHouse();
    ({ repositories, house } = stored);
  });
  afterEach(() => stored.end());

  test('killed at any writes: each picture exactly once', async () => {
    const ids = await house.add();
    const points = array(record({ write: nat(6), isWritten: boolean() }), { minLength: 1, maxLength: 4 });
    await assert(
      asyncProperty(points, async (kills) => {
        await repositories.images.remove(ids);
        await house.add();
        const jobId = await house.jobOver(ids);
        for (const { write, isWritten } of kills)
          await house
            .over(dyingAt(repositories, write, isWritten))
            .ingest({ jobId })
            .catch(() => {});
        expect(await house.over().ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
        expect(await house.rows()).toEqual({ 'space-new': sorted(ids) });
        const { hits } = await house.over().search({ embedder: NEW, words: 'red', limit: 99 });
        expect(sorted(hits.map(({ imageId }) => imageId))).toEqual(sorted(ids));
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  test('for another model they stay findable, until the new one has them all', async () => {
    const ids = await house.add();
    await house.over().ingest({ jobId: await house.jobOver(ids, OLD) });
    const find = async () => {
      const pictures = house.over();
      const { hits, searched, unaskedModels } = await pictures.search({
        embedder: NEW,
        words: 'left red',
        limit: 7,
      });
      expect([hits.length, searched, unaskedModels]).toEqual([7, 56, undefined]);
      for (const { imageId } of hits) expect((await repositories.images.get(imageId))?.name).toMatch(/^red-/);
    };
    expect((await house.over().stale({ embedder: NEW })).imageIds).toHaveLength(56);
    expect((await house.over().stale({ embedder: OLD })).imageIds).toEqual([]);
    await find();
    const jobId = await house.jobOver(ids, NEW);
    await expect(house.over(dyingAt(repositories, 1, true)).ingest({ jobId })).rejects.toThrow();
    expect(Object.keys(await house.rows())).toEqual(['space-old', 'space-new']);
    expect((await house.over().stale({ embedder: NEW })).imageIds).toHaveLength(24);
    await find();
    expect(await house.over().ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
    expect(await house.rows()).toEqual({ 'space-new': sorted(ids) });
    await find();
  });

  test('a job over a part of the pictures leaves the others their former space', async () => {
    const ids = await house.add();
    await house.over().ingest({ jobId: await house.jobOver(ids, OLD) });
    await house.over().ingest({ jobId: await house.jobOver(ids.slice(0, 5), NEW) });
    expect((await house.rows())['space-old']).toEqual(sorted(ids));
    const { searched } = await house.over().search({ embedder: NEW, words: 'red', limit: 1 });
    expect(searched).toBe(56);
    const { unaskedModels } = await house
      .over(repositories, {
        ...createTwoEmbedders(),
        load: (input, options) =>
          input.model.id === OLD.id
            ? Promise.reject(new AppError('model/not-found', 'gone'))
            : createColourEmbedder('space-new').load(input, options),
        embedTexts: async () => ({ vectors: new Float32Array(16).fill(0.25), dimension: 16, count: 1 }),
      })
      .search({ embedder: NEW, words: 'red', limit: 1 });
    expect(unaskedModels).toEqual([OLD.id]);
  });

  test('a stop is heard within one picture; what is stored stays, and the rest is done later', async () => {
    const ids = await house.add();
    const stop = new AbortController();
    house.decoder.pause = async () => {
      if (house.decoder.decoded.length >= 40) stop.abort();
    };
    const jobId = await house.jobOver(ids);
    await expect(house.over().ingest({ jobId }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'abort/by-user',
    });
    expect(house.decoder.decoded.length).toBeLessThanOrEqual(44);
    house.decoder.pause = undefined;
    const stored = (await house.rows())['space-new'] ?? [];
    expect(stored.length % 16).toBe(0);
    expect(await house.over().ingest({ jobId })).toMatchObject({ ready: 56, failed: 0 });
    expect(await house.rows()).toEqual({ 'space-new': sorted(ids) });
  });

  test('a model whose files changed under the job ends it: two spaces never meet', async () => {
    const ids = await house.add();
    let loads = 0;
    const [first, second] = [createColourEmbedder('space-old'), createColourEmbedder('space-new')];
    const embedder: ImageEmbedder = {
      ...second,
      load: (input, options) => (++loads === 1 ? first : second).load(input, options),
      embedImages: (input, options) => second.embedImages(input, options),
    };
    const jobId = await house.jobOver(ids, NEW);
    await expect(house.over(repositories, embedder).ingest({ jobId })).rejects.toMatchObject({
      code: 'job/interrupted',
    });
    expect(await house.rows()).toEqual({});
  });
});
