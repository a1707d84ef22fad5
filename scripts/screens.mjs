// npm run screens: the four pictures of each screen, of the real build with real answers, into docs/screens.
// Small files (see MOST_BYTES): screens show the sample pictures with the fewest colours.
import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { build } from './build.mjs';
import { CHROMIUM_FLAGS, findChromium } from './find-chromium.mjs';
import { fetchPack } from './models.mjs';
import { questionSet, scannedPdf } from './screen-material.mjs';
import { startServer } from './serve.mjs';

const PROJECT = resolve(import.meta.dirname, '..');
const FOLDER = join(PROJECT, 'docs/screens');
const DOCUMENTS = ['relief-valve-manual.pdf', 'garden-notes.md'].map((name) =>
  join(PROJECT, 'e2e/fixtures/documents', name),
);
const PICTURES = ['lion', 'sunflower', 'guitar', 'strawberry', 'rocket'].map((name) =>
  join(PROJECT, 'public/samples/pictures', `${name}.webp`),
);
const FILM = join(PROJECT, 'e2e/fixtures/films/six-vp9.webm');
const SIGHTED = ['tiny-vlm.gguf', 'mmproj-tiny-vlm.gguf'].map((name) =>
  join(PROJECT, 'models/packs/tiny-vlm', name),
);
const INVOICE = join(PROJECT, 'models/packs/tiny-vlm/pictures/invoice-47-384.png');
const QUESTION = 'At what pressure does the RV-12 open?';
const LONG_MS = 240_000;
const MOST_BYTES = 250_000;

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

/** A model that sees, from two files on this disk, is asked what a picture says. */
async function askAboutPicture(page, url) {
  await page.goto(`${url}models`);
  await page.locator('input[type=file]').first().setInputFiles(SIGHTED);
  await page.getByRole('button', { name: 'Load Tiny VLM', exact: true }).click();
  await page.getByRole('button', { name: 'Unload Tiny VLM' }).waitFor({ timeout: LONG_MS });
  await page.getByRole('link', { name: 'Chat' }).click();
  await page.getByLabel('Pictures to ask about').setInputFiles(INVOICE);
  await page.getByRole('list', { name: 'Attached pictures' }).getByRole('img').waitFor();
  await page.getByLabel('Style').selectOption({ label: 'Precise' });
  await page.getByRole('textbox', { name: 'Your question' }).fill('What does this invoice say?');
  await page.getByRole('textbox', { name: 'Your question' }).press('Enter');
  await page.locator('[aria-label="Answer"][data-status="complete"]').waitFor({ timeout: LONG_MS });
}

/** The best hit is opened. */
async function findPicture(page, words) {
  await page.getByRole('searchbox', { name: 'Search pictures' }).fill(words);
  await page.locator(`[data-query="${words}"][data-search=done]`).waitFor({ timeout: LONG_MS });
  await page.getByTestId('picture').first().click();
}

/** Pictures and a film. */
async function addPictures(page) {
  await page.getByRole('link', { name: 'Pictures' }).click();
  await page
    .getByLabel('Picture files')
    .first()
    .setInputFiles([...PICTURES, FILM]);
  await page
    .locator('[data-testid=picture][data-status=ready]')
    .nth(PICTURES.length)
    .waitFor({ timeout: LONG_MS });
}

/** The film that shows it, at its second. */
async function findInFilm(page) {
  await findPicture(page, 'penguin');
  const film = page.getByTestId('film');
  await film.waitFor();
  await film.evaluate(
    (video) =>
      new Promise((done) => {
        const look = () => (video.readyState === 4 && !video.seeking ? done() : setTimeout(look, 50));
        look();
      }),
  );
  await page.locator('[data-testid=film-part][data-score]').first().waitFor({ state: 'attached' });
}

/** A scan is read with OCR, and a passage of it opened. */
async function readScan(page) {
  await page.getByRole('link', { name: 'Library' }).click();
  await page
    .getByLabel('Documents to add')
    .first()
    .setInputFiles(await scannedPdf(page, 'harbour-log.pdf'));
  const row = page.getByTestId('document').filter({ hasText: 'harbour-log.pdf' });
  await row.getByRole('button', { name: 'Read with OCR…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Read with OCR' }).click();
  await row.getByText('Ready').waitFor({ timeout: LONG_MS });
  await page.getByRole('searchbox', { name: 'Search the library' }).fill('bell mended with tin');
  await page.getByTestId('passage').filter({ hasText: 'harbour-log.pdf' }).first().click();
  await page.getByTestId('cited-span').first().waitFor();
}

async function prepareOther(page, url) {
  await page.goto(`${url}models`);
  await page.getByRole('button', { name: 'Download BGE small (English)' }).click();
  await page.getByRole('button', { name: 'Delete BGE small (English)' }).waitFor({ timeout: LONG_MS });
}

/** Words, meaning and both are compared on a set of questions. */
async function evaluate(page) {
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Evaluate retrieval' }).click();
  await page.getByLabel('Folder with a question set').setInputFiles(questionSet());
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await page.getByTestId('eval-setting').first().waitFor({ timeout: LONG_MS });
  await page.getByTestId('eval-status').waitFor({ state: 'detached', timeout: LONG_MS });
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
      await shown?.evaluate((element) => element.scrollIntoView({ block: 'nearest' }));
      await page.mouse.move(0, height - 1); // no hint lies over what is shown
      await page.getByRole('tooltip').waitFor({ state: 'detached' });
      const path = join(FOLDER, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, animations: 'disabled' });
      const { size } = statSync(path);
      console.log(`${name} ${width} ${colorScheme}: ${Math.round(size / 1000)} kB`);
      if (size > MOST_BYTES)
        throw new Error(`${path} has ${size} bytes, up to ${MOST_BYTES} may be committed.`);
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
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'On this device' }).waitFor();
  await shoot(page, 'models');
  await ask(page);
  await shoot(page, 'chat', page.getByTestId('cited-span').first());
  await addPictures(page);
  await findPicture(page, 'animal -cat');
  await page.getByTestId('picture-labels').locator('li').first().waitFor({ timeout: LONG_MS });
  await page.getByRole('button', { name: 'Close picture' }).click();
  await shoot(page, 'pictures', page.getByTestId('picture').first());
  await findInFilm(page);
  await shoot(page, 'film', page.getByTestId('film'));
  const sighted = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await askAboutPicture(sighted, server.url);
  await shoot(sighted, 'chat-picture');
  await sighted.context().close();
  const other = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await prepareOther(other, server.url);
  await readScan(other);
  await shoot(other, 'ocr', other.getByTestId('cited-span').first());
  await evaluate(other);
  await shoot(other, 'evaluate', other.getByTestId('eval-setting').last());
} finally {
  await browser.close();
  await server.close();
}
