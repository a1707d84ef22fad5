import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { readStorage, storageReport } from './storage.ts';

let repositories: Repositories & { close(): void };
beforeEach(async () => {
  repositories = await openRepositories({ name: `storage-test-${crypto.randomUUID()}` });
});
afterEach(() => repositories.close());

test('what documents take is a part of its own, and goes with them', async () => {
  const { library } = repositories;
  expect(await readStorage(library)).toMatchObject({ documentsBytes: 0 });
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
  expect(await readStorage(library)).toMatchObject({ documentsBytes: 6400 });
  const { segments } = await storageReport([], async () => undefined, library);
  expect(segments).toContainEqual({
    kind: 'documents',
    id: 'documents',
    label: 'Documents',
    bytes: 6400,
  });
  await library.removeDocument('a');
  expect(await readStorage(library)).toMatchObject({ documentsBytes: 500 });
});
