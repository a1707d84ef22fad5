import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batchOf } from '#core/ports/repositories-samples.conformance.ts';
import type { AppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { openRepositories } from './index.ts';
import { type Migration, migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';
import { DATABASE_NAME } from './schema.ts';
import { toStorageError, withQuotaDetails } from './to-app-error.ts';

let name: string;
const closers: (() => void)[] = [];
const closeLater = <T extends { close(): void }>(db: T): T => {
  closers.push(() => db.close());
  return db;
};

beforeEach(() => {
  name = `test-${createId()}`;
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  indexedDB.deleteDatabase(name);
});

const next = (up: Migration['up']): readonly Migration[] => [
  ...migrations,
  { version: migrations.length + 1, name: 'next', up },
];

async function storesAndRows(): Promise<unknown> {
  const db = await openDB(name);
  const stores = [...db.objectStoreNames];
  const settings = stores.includes('settings') ? await db.getAll('settings') : [];
  const { version } = db;
  db.close();
  return { version, stores, settings };
}

test('the name is frozen, and the migrations are numbered from 1 without gaps', () => {
  expect(DATABASE_NAME).toBe('benchtop');
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
});

test('from every released version the upgrade keeps what was stored', async () => {
  for (let from = 1; from < migrations.length; from++) {
    const id = `${name}-${from}`;
    const old = await openDatabase({ name: id, migrations: migrations.slice(0, from) });
    await old.put('settings', 'kept', 'theme');
    const { vectors } = batchOf('d', 0, 3);
    await old.put('vectors', {
      spaceId: 's',
      segment: 0,
      documentIds: ['d', 'other', 'd'],
      ordinals: [0, 0, 1],
      vectors: vectors.vectors,
    });
    old.close();
    const repositories = await openRepositories({ name: id });
    expect(await repositories.settings.get('theme')).toBe('kept');
    await repositories.library.removeDocument('d'); // uses what version 2 added
    for await (const { documentIds } of repositories.library.segments('s'))
      expect(documentIds).toEqual(['other']);
    expect(await repositories.library.savedIndexes()).toEqual([]); // version 3
    expect(await repositories.datasets.list()).toEqual([]); // version 4
    expect(await repositories.datasets.runs('none')).toEqual([]);
    repositories.close();
    indexedDB.deleteDatabase(id);
  }
});

test.each([
  [
    'throws',
    () => {
      throw new TypeError('broken step');
    },
  ],
  [
    'has a request that fails',
    (_db, tx) =>
      tx
        .objectStore('settings')
        .add(1, 'theme')
        .then(() => {}),
  ],
] satisfies [string, Migration['up']][])('a migration that %s is rolled back whole', async (_, last) => {
  const before = await openDatabase({ name });
  await before.put('settings', 'kept', 'theme');
  before.close();
  const then = await storesAndRows();
  const failing = next(async (db, tx) => {
    db.createObjectStore('half');
    await tx.objectStore('settings').put('lost', 'other');
    await last(db, tx);
  });
  await expect(openDatabase({ name, migrations: failing })).rejects.toMatchObject({
    code: 'storage/corrupt',
    cause: expect.anything(),
  });
  expect(await storesAndRows()).toEqual(then);
  const again = closeLater(await openDatabase({ name }));
  expect(await again.get('settings', 'theme')).toBe('kept');
});

test('a newer version in another tab closes this one, which is told, and gets typed errors from then on', async () => {
  let closed: AppError | undefined;
  const old = await openRepositories({ name, onClosed: (error) => (closed = error) });
  await old.settings.set('theme', 'dark');
  const newer = closeLater(await openDatabase({ name, migrations: next(() => {}) }));
  expect(await newer.get('settings', 'theme')).toBe('dark');
  expect(closed).toMatchObject({ code: 'storage/version-blocked', message: /Reload this tab/ });
  await expect(old.settings.get('theme')).rejects.toMatchObject({ code: 'storage/version-blocked' });
  await expect(openRepositories({ name })).rejects.toMatchObject({
    code: 'storage/version-blocked',
    message: expect.stringMatching(/newer Benchtop/),
  });
});

test('a tab that does not let go: said at once, a typed error after a while, the upgrade later all the same', async () => {
  const stubborn = await openDB(name, 1, { upgrade: (db) => void db.createObjectStore('old') });
  let blocked = 0;
  const opening = openDatabase({
    name,
    migrations: [{ version: 2, name: 'second', up: (db) => void db.createObjectStore('settings') }],
    blockedMs: 100,
    onBlocked: () => {
      blocked += 1;
    },
  });
  await expect(opening).rejects.toMatchObject({
    code: 'storage/version-blocked',
    message: expect.stringMatching(/Close all other Benchtop tabs/),
  });
  expect(blocked).toBe(1);
  stubborn.close();
  // Nobody holds the connection of the late upgrade: the database can be opened and upgraded again.
  const third = closeLater(await openDB(name, 3));
  expect([...third.objectStoreNames].sort()).toEqual(['old', 'settings']);
});

test('a tab that lets go in time: the upgrade goes on', async () => {
  const slow = await openDB(name, 1);
  const opening = openDatabase({
    name,
    migrations: [{ version: 2, name: 'second', up: (db) => void db.createObjectStore('settings') }],
    onBlocked: () => slow.close(),
  });
  expect([...closeLater(await opening).objectStoreNames]).toEqual(['settings']);
});

test('a full disk is told with its sizes', async () => {
  const error = await withQuotaDetails(
    toStorageError(new DOMException('Quota exceeded', 'QuotaExceededError')),
  );
  expect(error).toMatchObject({
    code: 'storage/quota-exceeded',
    message: expect.stringMatching(/no room left/),
    details: { quotaBytes: expect.any(Number), usageBytes: expect.any(Number) },
  });
  expect(toStorageError(new DOMException('', 'VersionError')).code).toBe('storage/version-blocked');
  expect(toStorageError(new DOMException('', 'SecurityError')).code).toBe('capability/storage-denied');
  expect(toStorageError(new DOMException('', 'UnknownError')).code).toBe('storage/corrupt');
  expect(toStorageError(error)).toBe(error);
});
