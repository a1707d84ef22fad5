import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { ImagesPage } from '../pages/images.page.ts';
import { ModelsPage } from '../pages/models.page.ts';
import { PictureChatPage } from '../pages/picture-chat.page.ts';

const PACK = process.env.BENCHTOP_TINY_VLM ?? resolve(import.meta.dirname, '../../models/packs/tiny-vlm');
const bytesOf = (file: string) => readFileSync(resolve(PACK, file));
const picture = (file: string) => ({
  name: file,
  mimeType: 'image/png',
  buffer: bytesOf(`pictures/${file}`),
});
const weights = (name: string, file: string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: bytesOf(file),
});
const INVOICE = 'invoice-47-384.png';
const CIRCLE = 'red-circle.png';

test('what a picture says is asked from Pictures, kept over a reload, described, and sent to no model that sees none', async ({
  page,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  const here = page.getByRole('region', { name: 'On this device' });
  await models.drop([
    weights('tiny-vlm.gguf', 'tiny-vlm.gguf'),
    weights('mmproj-tiny-vlm.gguf', 'mmproj-tiny-vlm.gguf'),
  ]);
  await here.getByRole('button', { name: /^Load (?!.*with options)/ }).click();
  await expect(here.getByRole('button', { name: /^Unload / })).toBeVisible();

  const images = new ImagesPage(page);
  await images.open();
  await images.drop([picture(INVOICE), picture(CIRCLE)]);
  await images.picture(INVOICE).dblclick();
  await page.getByTestId('picture-preview').getByRole('button', { name: 'Ask about this picture' }).click();

  const chat = new PictureChatPage(page);
  await expect(chat.attached).toHaveAttribute('alt', INVOICE);
  await expect(chat.composer).toBeFocused();
  await chat.ask('What does this invoice say?');
  expect(await chat.answered()).toContain('47 euros');
  await page.reload();
  await expect(chat.lastAnswer).toContainText('47 euros');
  const large = await chat.openLarge(INVOICE);
  await large.getByRole('button', { name: 'Show in Pictures' }).click();
  await expect(page.getByTestId('picture-preview')).toContainText(INVOICE);

  await page.keyboard.press('Escape');

  // The model describes what nobody has: its words find the picture, as its own.
  await page.getByRole('button', { name: 'Have pictures described…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Describe', exact: true }).click();
  await images.picture(CIRCLE).click();
  const description = page.getByTestId('picture-description');
  await expect(description).toContainText('A red circle');
  await expect(description).toContainText(/by Tiny VLM/i);
  await images.searchBox.fill('red circle');
  await expect(images.picture(CIRCLE)).toContainText('description: A red circle');
  await expect(images.shown.first()).toHaveAttribute('data-name', CIRCLE);

  // The same weights without their projector see nothing.
  await models.open();
  await models.drop([weights('blind.gguf', 'tiny-vlm.gguf')]);
  const blind = here
    .getByRole('article')
    .filter({ hasText: 'Imported' })
    .filter({ hasNotText: 'Sees pictures' });
  await blind.getByRole('button', { name: /^Load (?!.*with options)/ }).click();
  await expect(blind.getByRole('button', { name: /^Unload / })).toBeVisible();
  await page.getByRole('link', { name: 'Chat' }).click();
  await chat.attach([picture(CIRCLE)]);
  await expect(page.getByText(/does not see pictures/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled();
  await page.getByRole('button', { name: /^Load / }).click();
  await expect(page.getByRole('button', { name: 'Send' })).toBeEnabled();
  await chat.ask('What does this picture show?');
  expect(await chat.answered()).toContain('A red circle');
});
