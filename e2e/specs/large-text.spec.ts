import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { longText } from '../fixtures/long-text.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

const BYTES = 200 * 1000 * 1000;

function writeText(path: string): void {
  const piece = `${longText(10_000)}\n`;
  const file = openSync(path, 'w');
  for (let bytes = 0; bytes < BYTES; bytes += piece.length) writeSync(file, piece);
  closeSync(file);
}

test('200 MB of text are taken in while the page stays alive, and stopping is heard', async ({
  page,
}, testInfo) => {
  const path = testInfo.outputPath('endless.txt');
  writeText(path);
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  await library.drop([resolve(import.meta.dirname, '../fixtures/documents/garden-notes.md')]);
  await library.ready('garden-notes.md');

  await library.drop([path]);
  const job = page.getByTestId('ingest-job');
  await expect(job).toContainText('endless.txt', { timeout: 120_000 });
  // It is being read: other screens open, and this one comes back.
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { name: 'This machine', exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Library' }).click();
  await expect(library.row('endless.txt')).toBeVisible();
  await expect(job).toBeVisible();

  await job.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Stop and keep' }).click();
  await expect(job).toBeHidden();
  await expect(library.row('endless.txt')).toContainText('Waiting');
  await expect(library.row('garden-notes.md')).toContainText('Ready');
  await page.getByRole('searchbox', { name: 'Search the library' }).fill('compost');
  await expect(page.getByTestId('passage').first()).toContainText('barrows of compost');
  rmSync(path);
});
