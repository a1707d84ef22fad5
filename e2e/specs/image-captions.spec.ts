import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/benchtop.ts';
import { ImageCaptionsPage } from '../pages/image-captions.page.ts';
import { ImagesPage } from '../pages/images.page.ts';

const FOLDER = resolve(import.meta.dirname, '../fixtures/emoji-eval');
const { pictures } = JSON.parse(readFileSync(resolve(FOLDER, 'captions.json'), 'utf8')) as {
  readonly pictures: readonly { readonly file: string; readonly name: string }[];
};

async function withPictures(page: Page): Promise<ImageCaptionsPage> {
  const images = new ImagesPage(page);
  await images.open();
  await images.drop(pictures.map(({ file }) => resolve(FOLDER, file)));
  await images.indexed(pictures.length);
  const captions = new ImageCaptionsPage(page);
  await captions.open();
  return captions;
}

test('captions that the model knows already: the screen says that nothing is gained', async ({ page }) => {
  const captions = await withPictures(page);
  await captions.importFile(resolve(FOLDER, 'captions.json'), pictures.length);
  const { verdict, figures } = await captions.learn();
  console.log(`known captions: ${verdict}, ${figures.join(', ')}`);
  expect(['unclear', 'none']).toContain(verdict);
  await expect(page.getByTestId('lesson-result')).not.toContainText('It helps');
  await page.getByRole('button', { name: 'Discard it' }).click();
  await expect(page.getByTestId('lesson-result')).toBeHidden();
  await expect(page.getByTestId('lesson-kept')).toBeHidden();
});

test('captions in words of one’s own: held-out pictures are found sooner, and a reload keeps what was learned', async ({
  page,
}) => {
  const captions = await withPictures(page);
  const rows = pictures.map(({ file, name }) => `${file},"where did we put the ${name} sheet, drawer seven"`);
  const csv = Buffer.from(['file,caption', ...rows].join('\n'));
  await captions.importFile({ name: 'captions.csv', mimeType: 'text/csv', buffer: csv }, pictures.length);
  const { verdict, figures } = await captions.learn();
  console.log(`own words: ${verdict}, ${figures.join(', ')}`);
  expect(verdict).toBe('better');
  await page.getByRole('button', { name: 'Keep it', exact: true }).click();
  await captions.isKept('From 72 captions of 72 pictures');
  await page.reload();
  await captions.open();
  await captions.isKept('From 72 captions of 72 pictures');
});
