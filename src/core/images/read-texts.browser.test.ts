import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { createJobRunner, type JobRunner } from '#core/jobs/index.ts';
import type { Progress } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createAddPictures } from './add-pictures.ts';
import { manyFiles } from './pictures.test-support.ts';
import { createPpmDecoder } from './ppm-decoder.test-support.ts';
import { createReadTexts, type ReadPictureText } from './read-texts.ts';
import { readTextPace } from './text-pace.ts';

describe('the job that reads text in pictures', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  let ids: readonly string[] = [];
  let at = 0;
  beforeEach(async () => {
    name = `pictures-text-test-${createId()}`;
    repositories = await openRepositories({ name });
    const add = createAddPictures({
      images: repositories.images,
      decoder: createPpmDecoder(),
      locks: createWebLocks(createId()),
      sha256: sha256Of,
      now: () => 1,
    });
    ids = (await add({ files: manyFiles().slice(0, 6) })).imageIds;
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  /** Reads the name of the file, which is what it says; the clock goes on by 400 at each look. */
  const asked: string[] = [];
  const reader: ReadPictureText = async ({ name: file, language }) => {
    asked.push(`${language} ${file}`);
    return file.startsWith('red-pink')
      ? { text: '', confidence: 0 }
      : { text: `says ${file}`, confidence: 0.9 };
  };
  const over = (readText: ReadPictureText = reader) => {
    asked.length = 0;
    const now = (): number => {
      at += 400;
      return at;
    };
    return createReadTexts({ repositories, now, readText });
  };

  async function job(imageIds: readonly string[] = ids): Promise<string> {
    const id = createId();
    await repositories.jobs.save({
      id,
      kind: 'image-text',
      label: 'Reading text',
      state: 'running',
      createdAt: 1,
      updatedAt: 1,
      input: { imageIds, language: 'eng' },
    });
    return id;
  }
  const texts = async () =>
    (await Promise.all(ids.map((id) => repositories.images.get(id)))).map((r) => r?.text);

  test('keeps the text, also that there is none, tells how far it is, and notes its pace', async () => {
    const told: Progress[] = [];
    const counts = await over()({ jobId: await job() }, { onProgress: (event) => told.push(event) });
    const records = await Promise.all(ids.map((id) => repositories.images.get(id)));
    const silent = records.filter((record) => record?.text === '').length;
    expect(counts).toEqual({ read: 6, withText: 6 - silent, failed: 0 });
    for (const record of records)
      expect(record).toMatchObject(
        record?.name.startsWith('red-pink')
          ? { text: '' }
          : { text: `says ${record?.name}`, textConfidence: 0.9 },
      );
    expect(told.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(told.at(-1)).toMatchObject({ phase: 'recognize', total: 6, unit: 'items' });
    expect(await readTextPace(repositories.settings)).toBe(400);
  });

  test('stopped in the middle, it goes on where it was, and reads none twice', async () => {
    const jobId = await job();
    const stop = new AbortController();
    const read: string[] = [];
    const stopping: ReadPictureText = async (input, options) => {
      if (read.length === 2) stop.abort();
      if (stop.signal.aborted) throw new AppError('abort/by-user', 'Cancelled');
      read.push(input.name);
      return reader(input, options);
    };
    await expect(over(stopping)({ jobId }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'abort/by-user',
    });
    expect((await texts()).filter((text) => text !== undefined)).toHaveLength(2);
    expect((await repositories.jobs.get(jobId))?.cursor).toEqual({ imageId: ids[1] });
    expect((await over()({ jobId })).read).toBe(6);
    expect(asked).toHaveLength(4);
  });

  test('a tab that ends in the middle leaves the job to the next one, which reads each of the rest once', async () => {
    const locks = createWebLocks(createId());
    const tab = (readText: ReadPictureText): JobRunner => {
      const read = createReadTexts({ repositories, now: () => 1, readText });
      const jobs = createJobRunner({ repository: repositories.jobs, changes: repositories.changes, locks });
      jobs.register('image-text', async ({ id }, options) => void (await read({ jobId: id }, options)));
      return jobs;
    };
    asked.length = 0;
    let reachThird = (): void => {};
    const third = new Promise<void>((resolve) => {
      reachThird = resolve;
    });
    // It never answers for the third: the tab is closed while it reads.
    const first = tab((input, options) => {
      if (asked.length < 2) return reader(input, options);
      reachThird();
      return new Promise((_, reject) =>
        options?.signal?.addEventListener('abort', () => reject(new AppError('abort/by-user', 'Gone'))),
      );
    });
    const id = await first.start('image-text', 'Reading text', { imageIds: ids, language: 'eng' });
    await third;
    first.dispose();
    expect(asked).toHaveLength(2);
    const next = tab(reader);
    await next.resumeInterrupted();
    expect((await next.ended(id)).state).toBe('done');
    next.dispose();
    expect(asked).toHaveLength(6);
    expect(new Set(asked).size).toBe(6);
    expect((await texts()).every((text) => text !== undefined)).toBe(true);
  });

  test('one that cannot be read is recorded, also when the engine dies of it, and read when asked again', async () => {
    const failing: ReadPictureText = async (input, options) => {
      if (input.name.startsWith('red-green')) throw new AppError('worker/crashed', 'It died.');
      return reader(input, options);
    };
    const { failed, read } = await over(failing)({ jobId: await job() });
    expect([failed, failed + read]).toEqual([1, 6]);
    const broken = (await repositories.images.list()).find(({ textError }) => textError);
    expect(broken).toMatchObject({ textError: { code: 'worker/crashed' }, status: 'queued' });
    expect(broken?.text).toBeUndefined();
    await over()({ jobId: await job() });
    expect(asked).toHaveLength(1);
    expect((await repositories.images.list()).some(({ textError }) => textError)).toBe(false);
  });

  test('an engine that cannot be fetched ends the job; one that was removed counts for nothing', async () => {
    const offline: ReadPictureText = async () => {
      throw new AppError('network/offline', 'No network.');
    };
    await expect(over(offline)({ jobId: await job() })).rejects.toMatchObject({ code: 'network/offline' });
    expect((await texts()).every((text) => text === undefined)).toBe(true);
    await repositories.images.remove([ids[0] ?? '']);
    expect((await over()({ jobId: await job() })).read).toBe(5);
    await expect(
      createReadTexts({ repositories, now: Date.now })({ jobId: await job() }),
    ).rejects.toMatchObject({
      code: 'capability/unsupported-browser',
    });
  });
});
