import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of } from '#adapters/hash-stream/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { ImageRepository } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { createAddPictures } from './add-pictures.ts';
import { halvesFile, manyFiles } from './pictures.test-support.ts';
import { createPpmDecoder } from './ppm-decoder.test-support.ts';

describe('adding pictures', () => {
  let repositories: Awaited<ReturnType<typeof openRepositories>>;
  let name = '';
  const locks = createWebLocks(createId());
  beforeEach(async () => {
    name = `pictures-add-test-${createId()}`;
    repositories = await openRepositories({ name });
  });
  afterEach(() => {
    repositories.close();
    indexedDB.deleteDatabase(name);
  });

  const adding = (images: ImageRepository = repositories.images) =>
    createAddPictures({ images, decoder: createPpmDecoder(), locks, sha256: sha256Of, now: () => 7 });

  test('stores the original and a queued record under the hash of the bytes', async () => {
    const file = halvesFile('red', 'blue', 1, 'holiday/');
    const { imageIds, alreadyThere, rejected } = await adding()({ files: [file] });
    expect([alreadyThere, rejected]).toEqual([[], []]);
    const id = await sha256Of(file);
    expect(imageIds).toEqual([id]);
    expect(await repositories.images.list()).toEqual([
      {
        id,
        name: 'holiday/red-blue-1.ppm',
        mediaType: 'image/x-portable-pixmap',
        sizeBytes: file.size,
        addedAt: 7,
        status: 'queued',
        tags: [],
      },
    ]);
    const blob = await repositories.images.blob(`picture:${id}`);
    expect(blob?.type).toBe('image/x-portable-pixmap');
    expect(await sha256Of(blob ?? new Blob())).toBe(id);
  });

  test('what is no picture is refused by name, and the others are stored', async () => {
    const huge = new File([new Uint8Array(1)], 'huge.ppm');
    Object.defineProperty(huge, 'size', { value: 300 * 2 ** 20 });
    const { imageIds, rejected } = await adding()({
      files: [
        new File([], 'empty.ppm'),
        halvesFile('red', 'blue'),
        new File(['text'], 'text.png'),
        huge,
        halvesFile('pink', 'blue'),
      ],
    });
    expect(imageIds).toHaveLength(2);
    expect(rejected.map(({ name: file, code }) => [file, code])).toEqual([
      ['empty.ppm', 'input/invalid'],
      ['text.png', 'input/unsupported'],
      ['huge.ppm', 'input/too-large'],
    ]);
    expect(await repositories.images.list()).toHaveLength(2);
  });

  test('the same bytes are stored once, in one call, in two, and from two tabs at once', async () => {
    const files = [halvesFile('red', 'blue'), halvesFile('red', 'blue'), halvesFile('green', 'blue')];
    const first = await adding()({ files });
    expect([first.imageIds.length, first.alreadyThere]).toEqual([2, [first.imageIds[0]]]);
    const second = await adding()({ files });
    expect([second.imageIds, second.alreadyThere.length]).toEqual([[], 3]);
    const many = manyFiles().slice(10);
    const [one, other] = await Promise.all([adding()({ files: many }), adding()({ files: many })]);
    expect(one.imageIds.length + other.imageIds.length).toBe(many.length);
    expect(one.alreadyThere.length + other.alreadyThere.length).toBe(many.length);
  });

  test('ten thousand files: one batch a transaction, never more of them at hand', async () => {
    const { images } = repositories;
    const batches: number[] = [];
    const counted: ImageRepository = {
      ...images,
      get: async () => undefined,
      commit: async ({ images: records = [], blobs = [] }) => {
        expect(blobs).toHaveLength(records.length);
        batches.push(records.length);
      },
    };
    const files = Array.from({ length: 10_000 }, (_, i) => new File([`P6\n${i}`], `${i}.ppm`));
    const { imageIds } = await adding(counted)({ files });
    expect(imageIds).toHaveLength(10_000);
    expect(Math.max(...batches)).toBe(16);
    expect(batches.reduce((sum, count) => sum + count, 0)).toBe(10_000);
  }, 120_000);

  test('a full disk: what is stored is whole, the rest is named with that error', async () => {
    const { images } = repositories;
    let room = 20;
    const full: ImageRepository = {
      ...images,
      commit: async (batch) => {
        room -= batch.images?.length ?? 0;
        if (room < 0) {
          room += batch.images?.length ?? 0;
          throw new AppError('storage/quota-exceeded', 'No room.');
        }
        await images.commit(batch);
      },
    };
    const files = manyFiles();
    const { imageIds, rejected } = await adding(full)({ files });
    expect([imageIds.length, rejected.length]).toEqual([20, 36]);
    expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(['storage/quota-exceeded']));
    expect((await images.list()).map(({ id }) => id).sort()).toEqual([...imageIds].sort());
    for (const id of imageIds) expect((await images.blob(`picture:${id}`))?.size).toBeGreaterThan(0);
  });

  test('a file that cannot be written is refused alone', async () => {
    const { images } = repositories;
    const broken: ImageRepository = {
      ...images,
      commit: async (batch) => {
        if (batch.images?.some((image) => image.name === 'red-pink-0.ppm'))
          throw new AppError('storage/corrupt', 'It cannot be read.');
        await images.commit(batch);
      },
    };
    const { imageIds, rejected } = await adding(broken)({ files: manyFiles() });
    expect(imageIds).toHaveLength(55);
    expect(rejected.map(({ name: file, code }) => [file, code])).toEqual([
      ['red-pink-0.ppm', 'storage/corrupt'],
    ]);
  });

  test('a stop ends it between two files, and what is stored stays', async () => {
    const stop = new AbortController();
    const run = adding()(
      { files: manyFiles() },
      { signal: stop.signal, onProgress: ({ done }) => (done === 40 ? stop.abort() : undefined) },
    );
    await expect(run).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(await repositories.images.list()).toHaveLength(32);
  });
});
