import { expect, test } from '../fixtures/benchtop.ts';
import { openChatWithModel } from '../fixtures/chat-with-model.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

test('two tabs share the threads and one engine; the second answers when the first is gone', async ({
  page,
  context,
  console,
}) => {
  const first = await openChatWithModel(page);
  await first.useStyle('Precise');
  await first.ask('What is the capital of France?');
  await expect(first.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await first.answered();

  const other = await context.newPage();
  console.watch(other);
  // Loaded by the first tab: the second says so without a load of its own.
  const otherModels = new ModelsPage(other);
  await otherModels.open();
  await expect(other.getByRole('button', { name: 'Unload SmolLM2 135M' })).toBeVisible();

  await other.goto(page.url());
  const second = new ChatPage(other);
  await expect(second.lastAnswer).toContainText('Paris');
  await second.newChat();
  await second.useStyle('Precise');
  await second.ask('What is the capital of France?');
  await expect(second.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await second.answered();

  await page.close();
  await second.newChat();
  await second.useStyle('Precise');
  await second.ask('What is the capital of France?');
  await expect(second.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await second.answered();
});
