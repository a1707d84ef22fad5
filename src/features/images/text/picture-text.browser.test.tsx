import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { drawText } from '#core/ports/drawn-text.test-support.ts';
import { until } from '#shared/until.test-support.ts';
import { makeImages, showImages, type TestImages } from '../images.test-support.tsx';

const LINES = ['Invoice 2024-117', 'North Mill, payable in thirty days'];

async function letter(name: string, lines: readonly string[] = LINES): Promise<File> {
  const { canvas } = drawText(
    1000,
    500,
    lines.map((text, i) => ({ text, x: 80, y: 140 + i * 90, size: 52 })),
  );
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name);
}

let images: TestImages;
let hide: (() => void) | undefined;
beforeEach(async () => {
  images = await makeImages();
  await images.controller.addSamples();
  await images.controller.addFiles([await letter('IMG_2041.png')]);
  await images.ready(13);
});
afterEach(async () => {
  hide?.();
  hide = undefined;
  await images.dispose();
});

test('nothing is read before it was agreed to; then words in a picture find it, and it says which', async () => {
  hide = showImages(images.controller);
  expect((await images.find('invoice 2024'))[0]).not.toBe('IMG_2041.png');
  await images.find('');
  await page.getByRole('button', { name: 'Read the text in pictures…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Read the text in pictures?' });
  await expect.element(dialog.getByText('13 pictures', { exact: true })).toBeVisible();
  await expect.element(dialog.getByText(/^5\.\d MB from this site/)).toBeVisible();
  await expect.element(dialog.getByText(/Not known before the first is read/)).toBeVisible();
  expect(images.jobs.jobs().some(({ kind }) => kind === 'image-text')).toBe(false);
  await dialog.getByRole('button', { name: 'Read the text' }).click();
  await until(() => images.jobs.jobs().some(({ kind, state }) => kind === 'image-text' && state === 'done'));
  await until(() => images.state().images.every(({ text }) => text !== undefined));

  expect((await images.find('invoice 2024'))[0]).toBe('IMG_2041.png');
  const [best, ...others] = images.state().search.response?.hits ?? [];
  expect(best?.words).toMatchObject({ source: 'text' });
  expect(others.some(({ words }) => words)).toBe(false);
  // Its name is no word of it.
  await images.find('2041');
  expect(images.state().search.response?.hits.some(({ words }) => words)).toBe(false);

  await images.find('invoice 2024');
  await expect
    .element(page.getByRole('option', { name: /^IMG_2041\.png, similarity .*text: .*Invoice 2024/ }))
    .toBeVisible();
  images.controller.open(best?.imageId ?? '');
  const shown = page.getByTestId('picture-text');
  await expect.element(shown).toHaveTextContent(/payable in thirty days/);
  await expect.element(shown).toHaveTextContent(/OCR, \d+ % sure/);
  await expect.element(shown.getByRole('button', { name: 'Copy the text' })).toBeVisible();
  images.controller.close();
  await expect
    .element(page.getByRole('button', { name: 'Read the text in pictures…' }))
    .not.toBeInTheDocument();

  await images.controller.addFiles([await letter('second.png', ['Another letter'])]);
  await images.ready(14);
  await images.find('');
  await page.getByRole('button', { name: 'Read the text in pictures…' }).click();
  await expect
    .element(page.getByRole('dialog').getByText(/a picture, as measured on this device/))
    .toBeVisible();
});

test('where no word is held, pictures stay in the order of similarity', async () => {
  const before = await images.find('a red fruit');
  const one = images.state().images.find(({ name }) => name === 'IMG_2041.png')?.id ?? '';
  await images.controller.readTexts([one], 'eng');
  await until(() => images.state().images.some(({ text }) => text));
  expect(await images.find('a red fruit ')).toEqual(before);
});
