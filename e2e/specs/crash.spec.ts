import { expect, test } from '../fixtures/benchtop.ts';
import { openChatWithModel } from '../fixtures/chat-with-model.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

test('a tab that is killed in the middle of an answer loses a second at most', async ({
  page,
  context,
  console,
}) => {
  const chat = await openChatWithModel(page);
  // Always the most likely word: by chance the story may be over before the tab is killed.
  await page.getByLabel('Style').selectOption({ label: 'Precise' });
  await chat.ask('Tell me a long story about a river, a mill and a miller.');
  await expect(chat.lastAnswer).toContainText(/\w+ \w+ \w+ \w+ \w+ \w+ \w+ \w+/, { timeout: 120_000 });
  // A checkpoint is written each second: what was on the screen before the next words came is on disk.
  const shown = ((await chat.lastAnswer.locator('p').first().textContent()) ?? '').slice(0, 20);
  expect(shown.length, 'there must be something to lose').toBeGreaterThan(10);
  await expect(chat.lastAnswer).toContainText(/(?:\w+\W+){30}/, { timeout: 120_000 });
  const address = page.url();
  const killer = await context.newCDPSession(page);
  killer.send('Page.crash').catch(() => {});
  await page.waitForEvent('crash');

  const again = await context.newPage();
  console.watch(again);
  await again.goto(address);
  const reopened = new ChatPage(again);
  await expect(reopened.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  await expect(reopened.lastAnswer).toContainText(shown);
  await expect(reopened.lastAnswer).toContainText('Interrupted');
  await expect(reopened.lastAnswer.getByRole('button', { name: 'Continue' }).first()).toBeVisible();
});

test('a file that is not what it should be is refused, and the next try is not', async ({
  page,
  context,
}) => {
  await context.route('**/models/bge-small-en-v1.5/tokenizer.json', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[1000] = (body[1000] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  const models = new ModelsPage(page);
  await models.open();
  await page.getByRole('button', { name: 'Download BGE small (English)' }).click();
  const card = page.locator('[data-testid=model][data-model-id="bge-small-en-v1.5"]').first();
  await expect(card.locator('[data-code="model/integrity"]')).toBeVisible();
  await context.unroute('**/models/bge-small-en-v1.5/tokenizer.json');
  await card.getByRole('button', { name: /^(?:Try again|Resume)/ }).click();
  await expect(page.getByRole('button', { name: 'Delete BGE small (English)' })).toBeVisible();
});
