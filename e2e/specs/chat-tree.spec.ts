import { expect, test } from '../fixtures/benchtop.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

const QUESTION = 'What is the capital of France?';

test('a question waits for its model; answers branch, stop, are found, and come back when deleted', async ({
  page,
}) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.download('SmolLM2 135M');
  const chat = new ChatPage(page);
  await chat.open();
  await chat.useStyle('Precise');
  await chat.ask(QUESTION);
  await expect(chat.lastAnswer).toContainText('Waiting for a model. The question is kept');
  await page.getByRole('link', { name: 'Models' }).click();
  await models.load('SmolLM2 135M');
  await page.getByRole('link', { name: 'Chat' }).click();
  await chat.openThread(QUESTION);
  await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
  await chat.answered();

  await test.step('answered again: both answers are there, one is shown', async () => {
    await chat.lastAnswer.getByRole('button', { name: 'Answer again' }).click();
    await expect(chat.lastAnswer).toContainText('2 / 2', { timeout: 120_000 });
    await chat.answered();
    await expect(chat.answers).toHaveCount(1);
    await chat.lastAnswer.getByRole('button', { name: 'Previous version' }).click();
    await expect(chat.lastAnswer).toContainText('1 / 2');
    await expect(chat.lastAnswer).toContainText('Paris');
    await expect(chat.lastAnswer.getByRole('button', { name: 'Previous version' })).toBeDisabled();
  });

  await test.step('stopped in the middle: what is written stays, and the next question is answered', async () => {
    await chat.newChat();
    await chat.useStyle('Precise');
    await chat.ask('Tell me a long story about a windmill and its miller.');
    await expect(chat.lastAnswer).toContainText(/(?:\w+\W+){5}/, { timeout: 120_000 });
    const shown = ((await chat.lastAnswer.locator('p').first().textContent()) ?? '').slice(0, 20);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
    await expect(chat.lastAnswer.locator('p').first()).toContainText(shown);
    expect(shown.length).toBeGreaterThan(10);
    await chat.ask(QUESTION);
    await expect(chat.answers).toHaveCount(2);
    await expect(chat.lastAnswer).toContainText('Paris', { timeout: 120_000 });
    await chat.answered();
    await expect(chat.answers.first()).toContainText('Stopped.');
  });

  await test.step('found by a word of a message', async () => {
    const search = page.getByRole('searchbox', { name: 'Search all chats' });
    await search.fill('windmill miller');
    const hits = page.getByRole('list', { name: 'Search results' }).getByRole('button');
    await expect(hits).toHaveCount(1);
    await expect(hits).toContainText('windmill');
    await search.fill('');
  });

  await test.step('deleted, and back', async () => {
    await chat.openThread(QUESTION);
    await expect(chat.lastAnswer).toContainText('1 / 2');
    await page.getByRole('button', { name: `Actions for ${QUESTION}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(chat.thread(QUESTION)).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).click();
    await chat.openThread(QUESTION);
    await expect(chat.lastAnswer).toContainText('1 / 2');
    await expect(chat.lastAnswer).toContainText('Paris');
  });
});
