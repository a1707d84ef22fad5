import { expect, test } from '../fixtures/line.ts';
import { ModelsPage } from '../pages/models.page.ts';

const FILE = 'models/bge-small-en-v1.5/onnx/model_quantized.onnx';
const ID = 'bge-small-en-v1.5';
const LABEL = 'BGE small (English)';

test('a download that is cut says so, survives a reload, and goes on where it was', async ({
  page,
  context,
  line,
  console,
}) => {
  console.expectMessage(/Failed to load resource/);
  // No other source helps out.
  await context.route('https://huggingface.co/**', (route) => route.fulfill({ status: 404 }));
  const models = new ModelsPage(page);
  await models.open();
  const halfway = line.holdHalfway(FILE);
  await models.startDownload(LABEL);
  await halfway;
  line.cut();
  const card = models.card(ID);
  const failure = card.locator('[data-code="network/failed"]');
  await expect(failure).toBeVisible();
  await expect(failure).toContainText('huggingface.co');

  await page.reload();
  await expect(failure).toBeVisible();
  await failure.getByRole('button', { name: 'Dismiss' }).click();
  await expect(card).toContainText('of it are here; the download was not finished');

  line.mend();
  await card.getByRole('button', { name: `Resume ${LABEL}` }).click();
  await models.downloaded(LABEL);
  expect(line.asked[0]).toBe(0);
  expect(line.asked.at(-1)).toBeGreaterThan(0);
});

test('a download stops when the network goes, and goes on by itself when it is back', async ({
  page,
  context,
  line,
  console,
}) => {
  console.expectMessage(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
  const models = new ModelsPage(page);
  await models.open();
  const halfway = line.holdHalfway(FILE);
  await models.startDownload(LABEL);
  await halfway;
  await context.setOffline(true);
  line.cut();
  const failure = models.card(ID).locator('[data-code="network/offline"]');
  await expect(failure).toContainText('The part that is here is kept');
  await expect(page.getByText('downloads go on when it is back')).toBeVisible();

  line.mend();
  await context.setOffline(false);
  await models.downloaded(LABEL);
  await expect(failure).toBeHidden();
  expect(line.asked.at(-1)).toBeGreaterThan(0);
});

test('a disk that fills up during a download is said; with room again it goes on where it was', async ({
  page,
  context,
  line,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  const disk = await context.newCDPSession(page);
  const origin = line.url;
  const halfway = line.holdHalfway(FILE);
  await models.startDownload(LABEL);
  await halfway;
  const { usage } = await disk.send('Storage.getUsageAndQuota', { origin });
  await disk.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 1_000_000 });
  line.release();
  const card = models.card(ID);
  const failure = card.locator('[data-code="storage/quota-exceeded"]');
  await expect(failure).toContainText('Delete a model or documents, then resume the download.');

  await disk.send('Storage.overrideQuotaForOrigin', { origin });
  await failure.getByRole('button', { name: 'Try again' }).click();
  await models.downloaded(LABEL);
  expect(line.asked.at(-1)).toBeGreaterThan(0);
});
