import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { readStorage, storageReport } from './storage.ts';

let repositories: Repositories & { close(): void };
beforeEach(async () => {
  repositories = await openRepositories({ name: `storage-test-${crypto.randomUUID()}` });
});
afterEach(() => repositories.close());

test('what documents and pictures take are parts of their own, and go with them', async () => {
  const { library } = repositories;
  expect(await readStorage(repositories)).toMatchObject({ documentsBytes: 0 });
  const document = {
    mediaType: 'text/markdown',
    collectionIds: ['c'],
    addedAt: 1,
    embeddedCount: 0,
  };
  await library.commit({
    documents: [
      { ...document, id: 'a', name: 'a.md', status: 'ready', sizeBytes: 3000, characterCount: 2900 },
      { ...document, id: 'b', name: 'b.md', status: 'queued', sizeBytes: 500 },
    ],
  });
  expect(await readStorage(repositories)).toMatchObject({ documentsBytes: 6400 });
  const { segments } = await storageReport([], async () => undefined, repositories);
  expect(segments).toContainEqual({
    kind: 'documents',
    id: 'documents',
    label: 'Documents',
    bytes: 6400,
  });
  const { images } = repositories;
  await images.commit({
    images: [
      {
        id: 'p',
        name: 'p.png',
        mediaType: 'image/png',
        sizeBytes: 700,
        addedAt: 1,
        status: 'queued',
        tags: [],
      },
    ],
  });
  expect(await readStorage(repositories)).toMatchObject({ documentsBytes: 6400, picturesBytes: 700 });
  expect((await storageReport([], async () => undefined, repositories)).segments).toContainEqual({
    kind: 'pictures',
    id: 'pictures',
    label: 'Pictures',
    bytes: 700,
  });
  await images.remove(['p']);
  expect(await readStorage(repositories)).toMatchObject({ picturesBytes: 0 });
  await library.removeDocument('a');
  expect(await readStorage(repositories)).toMatchObject({ documentsBytes: 500 });
});
