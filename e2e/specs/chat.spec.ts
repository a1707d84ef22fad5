import { expect, test } from '../fixtures/benchtop.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

test('a model from the Models screen answers; the thread survives a reload, and the network', async ({
  page,
  context,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.download('SmolLM2 135M');
  await models.load('SmolLM2 135M');

  const chat = new ChatPage(page);
  await chat.open();
  await chat.useStyle('Precise');
  await chat.ask('What is the capital of France?');
  await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await chat.answered();

  await page.reload();
  await expect(chat.lastAnswer).toContainText('Paris');

  await context.setOffline(true);
  await page.reload();
  await expect(chat.lastAnswer).toContainText('Paris');
  await chat.newChat();
  await chat.useStyle('Precise');
  await chat.ask('What is the capital of France?');
  await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await chat.answered();
});
