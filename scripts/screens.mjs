// npm run screens: the four pictures of each main screen, of the real build with a real answer, into docs/screens.
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { build } from './build.mjs';
import { CHROMIUM_FLAGS, findChromium } from './find-chromium.mjs';
import { fetchPack } from './models.mjs';
import { startServer } from './serve.mjs';

const PROJECT = resolve(import.meta.dirname, '..');
const FOLDER = join(PROJECT, 'docs/screens');
const DOCUMENTS = ['relief-valve-manual.pdf', 'garden-notes.md'].map((name) =>
  join(PROJECT, 'e2e/fixtures/documents', name),
);
const PICTURE_FOLDER = join(PROJECT, 'e2e/fixtures/emoji-eval/pictures');
const PICTURES = readdirSync(PICTURE_FOLDER).map((name) => join(PICTURE_FOLDER, name));
const QUESTION = 'At what pressure does the RV-12 open?';
const LONG_MS = 120_000;

async function prepare(page, url) {
  await page.goto(`${url}models`);
  for (const label of ['SmolLM2 135M', 'BGE small (English)']) {
    await page.getByRole('button', { name: `Download ${label}` }).click();
    await page.getByRole('button', { name: `Delete ${label}` }).waitFor({ timeout: LONG_MS });
  }
  await page.getByRole('button', { name: 'Load SmolLM2 135M', exact: true }).click();
  await page.getByRole('button', { name: 'Unload SmolLM2 135M' }).waitFor({ timeout: LONG_MS });
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByLabel('Documents to add').first().setInputFiles(DOCUMENTS);
  for (const row of await page.getByTestId('document').all())
    await row.getByText('Ready').waitFor({ timeout: LONG_MS });
  await page.getByTestId('document').nth(1).getByText('Ready').waitFor({ timeout: LONG_MS });
}

async function ask(page) {
  await page.getByRole('link', { name: 'Chat' }).click();
  await page.getByRole('button', { name: 'Documents', exact: true }).click();
  await page.getByRole('switch', { name: 'Documents' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Style').selectOption({ label: 'Precise' });
  await page.getByRole('textbox', { name: 'Your question' }).fill(QUESTION);
  await page.getByRole('textbox', { name: 'Your question' }).press('Enter');
  const answer = page.getByRole('article', { name: 'Answer' });
  await page.locator('[aria-label="Answer"][data-status="complete"]').waitFor({ timeout: LONG_MS });
  await answer
    .getByRole('button', { name: /^Source \d+:/ })
    .first()
    .click();
  await page.getByTestId('cited-span').first().waitFor();
}

/** The evaluation's pictures, a search among them, and the best hit opened. */
async function findPicture(page) {
  await page.getByRole('link', { name: 'Pictures' }).click();
  await page.getByLabel('Picture files').first().setInputFiles(PICTURES);
  await page.getByTestId('image-job').waitFor({ timeout: LONG_MS });
  await page.getByTestId('image-job').waitFor({ state: 'detached', timeout: LONG_MS });
  await page.getByRole('searchbox', { name: 'Search pictures' }).fill('animal -cat');
  await page.locator('[data-query="animal -cat"][data-search=done]').waitFor({ timeout: LONG_MS });
  await page.getByTestId('picture').first().click();
  await page.getByTestId('picture-labels').locator('li').first().waitFor({ timeout: LONG_MS });
  await page.getByRole('button', { name: 'Close picture' }).click();
}

/** `shown` is waited for at each size: what is drawn anew for it takes a moment. */
async function shoot(page, name, shown) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ])
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => document.fonts.ready);
      await page.waitForLoadState('networkidle');
      await shown?.waitFor();
      await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`) });
    }
  await page.setViewportSize({ width: 1440, height: 900 });
}

mkdirSync(FOLDER, { recursive: true });
await build();
await fetchPack('starter');
const server = await startServer({ root: join(PROJECT, 'dist'), port: 4890 });
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: CHROMIUM_FLAGS,
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await prepare(page, server.url);
  await shoot(page, 'library');
  await findPicture(page);
  await shoot(page, 'pictures', page.getByTestId('picture').first());
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'On this device' }).waitFor();
  await shoot(page, 'models');
  await ask(page);
  await shoot(page, 'chat', page.getByTestId('cited-span').first());
} finally {
  await browser.close();
  await server.close();
}
