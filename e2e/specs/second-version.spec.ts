import { expect, test } from '../fixtures/benchtop.ts';
import { LibraryPage } from '../pages/library.page.ts';

test('a newer version in another tab is let through; the older one says so, and does not touch the data', async ({
  page,
  context,
}) => {
  const library = new LibraryPage(page);
  await library.open();
  const other = await context.newPage();
  await other.goto('/icon.svg'); // a page of the same origin without an app
  const upgrade = (): Promise<number> =>
    other.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open('benchtop', 999);
          opening.onsuccess = () => {
            const { version, objectStoreNames } = opening.result;
            opening.result.close();
            resolve(objectStoreNames.length > 0 ? version : 0);
          };
          opening.onerror = () => reject(opening.error);
        }),
    );
  // It would wait for ever if the first tab held on to the data.
  expect(await upgrade()).toBe(999);
  const banner = page.locator('[data-code="storage/version-blocked"]');
  await expect(banner).toContainText('A newer Benchtop was opened in another tab');
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { name: 'Models', exact: true })).toBeVisible();

  await banner.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('heading', { name: 'Benchtop could not start' })).toBeVisible();
  await expect(banner).toContainText('A newer Benchtop has already upgraded the data');
  expect(await upgrade()).toBe(999);
});
