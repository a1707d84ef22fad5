import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/line.ts';
import { entriesOf, longText } from '../fixtures/long-text.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';
import { storedLibrary } from '../pages/stored-library.ts';

const ENTRIES = 560;
/** What the browser lets this origin have, in bytes: little more than the app, the embedder and the library take. */
const ROOM = 120_000_000;
const NAME = 'round-log.txt';
const log = { name: NAME, mimeType: 'text/plain', buffer: Buffer.from(longText(ENTRIES)) };
const all = Array.from({ length: ENTRIES }, (_, i) => i);

async function withEmbedder(page: Page): Promise<LibraryPage> {
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  return library;
}

/** Whether so many bytes can be written beside the library; whatever was written is gone again. */
function canStore(page: Page, bytes: number): Promise<boolean> {
  return page.evaluate(async (length) => {
    const opening = indexedDB.open('probe');
    opening.onupgradeneeded = () => opening.result.createObjectStore('blobs');
    const db = await new Promise<IDBDatabase | undefined>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => resolve(undefined);
    });
    if (db === undefined) return false;
    const isStored = await new Promise<boolean>((resolve) => {
      const tx = db.transaction('blobs', 'readwrite');
      tx.objectStore('blobs').put(new Blob([new Uint8Array(length)]), 'one');
      tx.oncomplete = () => resolve(true);
      tx.onabort = () => resolve(false);
    });
    db.close();
    indexedDB.deleteDatabase('probe');
    return isStored;
  }, bytes);
}

/** Every entry is in exactly one chunk, and every chunk has exactly one vector. */
async function expectWhole(library: LibraryPage): Promise<void> {
  const { chunks, embedded } = await storedLibrary(library.page);
  expect(entriesOf(chunks.join('\n'))).toEqual(all);
  expect(embedded).toEqual(chunks.map((_, ordinal) => ordinal));
}

test('an ingest whose tab is killed goes on in the next one, without a network', async ({
  page,
  context,
  line,
  console,
}) => {
  const library = await withEmbedder(page);
  await library.drop([log]);
  await library.partlyEmbedded(NAME);
  const before = (await storedLibrary(page)).chunks;
  line.cut();
  await context.setOffline(true);
  const killer = await context.newCDPSession(page);
  killer.send('Page.crash').catch(() => {});
  await page.waitForEvent('crash');

  const again = await context.newPage();
  console.watch(again);
  const reopened = new LibraryPage(again);
  await reopened.open();
  await reopened.ready(NAME);
  await expectWhole(reopened);
  // What was stored before is what is there now: nothing was embedded anew under another cut.
  const after = (await storedLibrary(again)).chunks;
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.length).toBeGreaterThan(before.length);
});

test('a disk that fills up during an ingest is said; with room again it goes on', async ({
  page,
  context,
  line,
}) => {
  const disk = await context.newCDPSession(page);
  const origin = line.url;
  await disk.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: ROOM });
  const library = await withEmbedder(page);
  await library.drop([log]);
  await library.partlyEmbedded(NAME);
  const job = page.getByTestId('ingest-job');
  await job.getByRole('button', { name: 'Pause' }).click();
  await expect(job).toHaveAttribute('data-state', 'paused');
  const stored = await storedLibrary(page);
  const { usage } = await disk.send('Storage.getUsageAndQuota', { origin });
  // Room for the job's row, not for a batch. For half a minute the browser goes by what it last knew to be free, unless
  // more is wanted than that ever was.
  await disk.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 20_000 });
  expect(await canStore(page, ROOM)).toBe(false);
  await expect.poll(() => canStore(page, 60_000), { timeout: 60_000 }).toBe(false);
  await job.getByRole('button', { name: 'Go on' }).click();
  const failure = page.locator('[data-code="storage/quota-exceeded"]').first();
  await expect(failure).toContainText('Delete a model or documents');
  expect(await storedLibrary(page)).toEqual(stored);

  await disk.send('Storage.overrideQuotaForOrigin', { origin });
  await failure.getByRole('button', { name: 'Go on' }).click();
  await library.ready(NAME);
  await expectWhole(library);
});
