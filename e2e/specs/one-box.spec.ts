import { resolve } from 'node:path';
import { axeSource, faultsOn } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/benchtop.ts';
import { picture } from '../fixtures/scans.ts';
import { ImagesPage } from '../pages/images.page.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

const PICTURES = resolve(import.meta.dirname, '../fixtures/emoji-eval/pictures');
const SHOWN = [
  'castle',
  'pizza',
  'rocket',
  'violin',
  'owl',
  'bicycle',
  'sunflower',
  'volcano',
  'sailboat',
  'fox',
];
const INVOICE = [
  'Invoice 2024-117',
  'North Mill to the keeper of the lamp:',
  'tin for one brass bell, payable in May.',
];
const NOTES = {
  name: 'harbour.md',
  mimeType: 'text/markdown',
  buffer: Buffer.from(
    '# Harbour\n\nThe castle above the harbour was built of grey stone.\n\nEvery invoice of the year 2024 lies in the tower of the castle.\n',
  ),
};

test('one query finds documents and pictures, and words in a picture find it, after a reload and offline too', async ({
  page,
  context,
}) => {
  await page.addInitScript({ content: axeSource });
  /** No serious fault of access, in both themes. */
  const look = async (what: string, selector: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await faultsOn(page, selector), `${what}, ${colorScheme}`).toEqual([]);
    }
  };
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  await library.drop([NOTES]);
  await library.ready(NOTES.name);
  const box = page.getByRole('searchbox', { name: 'Search the library' });
  const strip = page.getByTestId('picture-strip');
  await box.fill('castle');
  await expect(page.getByTestId('passage').first()).toBeVisible();
  // Without a picture the page asks for nothing of theirs; what the service worker puts by is its own affair.
  await expect(strip).toHaveCount(0);
  expect(fetched.filter((path) => /images\.worker|picture-strip|images-place/.test(path))).toEqual([]);

  const images = new ImagesPage(page);
  await images.open();
  await images.drop([
    ...SHOWN.map((name) => resolve(PICTURES, `${name}.webp`)),
    await picture(page, 'IMG_2041.png', INVOICE),
  ]);
  await images.indexed(11);
  await page.getByRole('button', { name: 'Read the text in pictures…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Read the text in pictures?' });
  await expect(dialog).toContainText('11 pictures');
  await expect(dialog).toContainText(/5\.\d MB from this site/);
  await look('the dialog', '[role=dialog]');
  await dialog.getByRole('button', { name: 'Read the text' }).click();
  await expect(page.getByRole('button', { name: 'Read the text in pictures…' })).toHaveCount(0);
  await expect(page.getByTestId('image-text-job')).toHaveCount(0, { timeout: 120_000 });
  const [found] = await images.findAll(['invoice 2024'], 1);
  expect(found?.best).toEqual(['IMG_2041.png']);
  await expect(images.picture('IMG_2041.png')).toContainText(/text: .*Invoice 2024/);
  await images.picture('IMG_2041.png').click();
  await expect(page.getByTestId('picture-text')).toContainText('tin for one brass bell');

  // From the pictures to the documents, and back.
  await page.getByRole('button', { name: /^\d+ passages? in documents →$/ }).click();
  await expect(box).toHaveValue('invoice 2024');
  await expect(page.getByTestId('passage').filter({ hasText: 'Every invoice' })).toBeVisible();
  await expect(strip).toHaveAttribute('data-query', 'invoice 2024');
  await expect(strip.getByRole('button').first()).toHaveAttribute('data-name', 'IMG_2041.png');
  await box.fill('quarterly revenue report');
  await expect(strip).toHaveAttribute('data-query', 'quarterly revenue report');
  await expect(strip).toContainText('No picture shows this.');
  await expect(strip.getByRole('listitem')).toHaveCount(0);
  await look('nothing matches', '[data-testid=picture-strip]');
  await box.fill('castle type:md');
  await expect(strip).toHaveAttribute('data-query', 'castle');
  await expect(strip.getByRole('button').first()).toHaveAttribute('data-name', 'castle.webp');
  await expect(page.getByTestId('passage').first()).toContainText('castle');
  await look('the strip', '[data-testid=picture-strip]');
  await strip.getByRole('button', { name: 'All 11 pictures →' }).click();
  await expect(images.searchBox).toHaveValue('castle');
  await expect(page.locator('[data-testid=picture][data-place="0"]')).toHaveAttribute(
    'data-name',
    'castle.webp',
  );

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.reload();
  const [again] = await images.findAll(['brass bell payable'], 1);
  expect(again?.best).toEqual(['IMG_2041.png']);
});
