import { expect, test } from '../fixtures/benchtop.ts';
import { openChatWithModel } from '../fixtures/chat-with-model.ts';

test('a model from the Models screen answers; the thread survives a reload, and the network', async ({
  page,
  context,
}) => {
  const chat = await openChatWithModel(page);
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
