import { expect, test } from '../fixtures/benchtop.ts';
import { picture, scannedPdf } from '../fixtures/scans.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

const LOG = [
  'Harbour log',
  'The lamp was lit at six, and nobody came. A heron stood on the pier until the',
  'tide turned, then it flew towards the mill. The keeper wrote it down, as he did',
  'with every bird that was larger than a gull.',
];
const BELL = [
  'The second day',
  'The brass bell cracked in the frost, and the keeper mended it with tin from the',
  'galley. It rang a little lower from then on, and the fishermen complained.',
];
const words = (text: string): string => text.replace(/\s+/g, ' ').trim();

test('a scanned PDF is read with OCR once that is agreed to, and a citation marks the words on the page', async ({
  page,
}) => {
  const fetched: string[] = [];
  page.context().on('request', (request) => {
    if (/tesseract|traineddata/.test(request.url())) fetched.push(new URL(request.url()).pathname);
  });
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  await library.drop([await scannedPdf(page, 'harbour-log.pdf', [LOG, BELL])]);
  await expect(library.row('harbour-log.pdf')).toContainText('its pages are pictures');
  expect(fetched).toEqual([]);

  const dialog = await library.askRecognition('harbour-log.pdf');
  await expect(dialog).toContainText('2 pages');
  await expect(dialog).toContainText(/5\.\d MB from this site/);
  await expect(dialog.getByLabel('Language of the text')).toHaveValue('eng');
  await expect(dialog).toContainText('Not known before the first pages are read');
  expect(fetched).toEqual([]);
  await dialog.getByRole('button', { name: 'Read with OCR' }).click();
  await library.ready('harbour-log.pdf');
  expect(fetched.some((path) => path.includes('eng.traineddata'))).toBe(true);
  expect(fetched.every((path) => path.startsWith('/assets/'))).toBe(true);

  await page.getByRole('searchbox', { name: 'Search the library' }).fill('bell mended with tin');
  await page.getByTestId('passage').filter({ hasText: 'harbour-log.pdf' }).first().click();
  await expect(library.viewer).toContainText('2 pages were read with OCR');
  await expect(page.getByTestId('page-number')).toHaveText('2 / 2');
  await expect(page.getByTestId('page-confidence')).toHaveText(/OCR, (?:[89]\d|100) % sure/);
  await expect(async () =>
    expect(words(await library.markedText())).toContain('The brass bell cracked in the frost'),
  ).toPass();
  // Every marked word lies on the paper where it was drawn: from line two on, right of the margin.
  const paper = await page.locator('[data-page="2"]').boundingBox();
  const mark = await page.getByText('cracked', { exact: true }).boundingBox();
  if (!paper || !mark) throw new Error('nothing is marked on the page');
  expect((mark.x - paper.x) / paper.width).toBeGreaterThan(0.12);
  expect((mark.x - paper.x) / paper.width).toBeLessThan(0.5);
  expect((mark.y - paper.y) / paper.height).toBeGreaterThan(0.13);
  expect((mark.y - paper.y) / paper.height).toBeLessThan(0.19);

  // From now on the time is known, and no network is needed.
  await page.reload();
  await page.context().setOffline(true);
  await library.drop([await picture(page, 'heron.png', LOG)]);
  const again = await library.askRecognitionOfPicture('heron.png');
  await expect(again).toContainText('as measured on this device');
  await again.getByRole('button', { name: 'Read with OCR' }).click();
  await library.ready('heron.png');
  await page.getByRole('searchbox', { name: 'Search the library' }).fill('"larger than a gull" in:heron');
  await page.getByTestId('passage').filter({ hasText: 'heron.png' }).first().click();
  await expect(async () =>
    expect(words(await library.markedText())).toContain('larger than a gull'),
  ).toPass();
});

test('a closed tab in the middle of a scan goes on with the page that was not finished', async ({
  page,
  context,
  console,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  const pages = Array.from({ length: 6 }, (_, i) => [
    `Sheet number ${i + 1}`,
    ...LOG.slice(1),
    ...BELL.slice(1),
  ]);
  await library.drop([await scannedPdf(page, 'six-sheets.pdf', pages)]);
  const dialog = await library.askRecognition('six-sheets.pdf');
  await dialog.getByRole('button', { name: 'Read with OCR' }).click();
  await expect(page.getByTestId('ingest-job')).toContainText(/[2-5] of 6 pages/);
  await page.close();

  const again = await context.newPage();
  console.watch(again);
  const reopened = new LibraryPage(again);
  await reopened.open();
  await expect(again.getByTestId('ingest-job')).toContainText(/[2-6] of 6 pages/);
  await reopened.ready('six-sheets.pdf');
  await expect(reopened.row('six-sheets.pdf')).toContainText('6');
});
