import { resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { ChatPage } from '../pages/chat.page.ts';
import { LibraryPage } from '../pages/library.page.ts';
import { ModelsPage } from '../pages/models.page.ts';

const file = (name: string): string => resolve(import.meta.dirname, '../fixtures/documents', name);

/** Words only: a page's lines and a text's lines break elsewhere. */
const words = (text: string): string => text.replace(/\s+/g, ' ').trim();

test('an answer from a dropped PDF cites the page, and the citation opens the very passage', async ({
  page,
}) => {
  test.setTimeout(300_000); // two answers of a real model on two cores
  const models = new ModelsPage(page);
  await models.open();
  await models.download('SmolLM2 135M');
  await models.download('BGE small (English)');
  await models.loadWithContext('SmolLM2 135M', 1024);

  const library = new LibraryPage(page);
  await library.open();
  await library.drop([file('relief-valve-manual.pdf'), file('garden-notes.md')]);
  await library.ready('relief-valve-manual.pdf');
  await library.ready('garden-notes.md');

  const chat = new ChatPage(page);
  await chat.open();
  await chat.answerFrom('Documents');
  await chat.useStyle('Precise');
  await chat.ask('At what pressure does the RV-12 open?');

  // Sources stand there before the first word.
  const sources = chat.lastAnswer.getByRole('list', { name: 'Sources' }).getByRole('button');
  await expect(sources.first()).toBeVisible({ timeout: 60_000 });
  expect(await chat.lastAnswer.getAttribute('data-status')).not.toBe('complete');
  const first = (await sources.allInnerTexts()).slice(0, 3);
  expect(first.some((label) => label.includes('relief-valve-manual.pdf') && label.includes('p. 2'))).toBe(
    true,
  );

  await chat.answered();
  await expect(chat.lastAnswer).toContainText('8.4 bar');

  const citation = chat.lastAnswer.getByRole('button', {
    name: /^Source \d+: relief-valve-manual\.pdf · p\. 2$/,
  });
  await citation.first().click();
  await expect(library.viewer).toContainText('relief-valve-manual.pdf');
  const marked = words(await library.markedText());
  expect(marked).toContain('8.4 bar');
  // What is marked is what the citation names: the hover text marks the same span.
  await citation.first().hover();
  const cited = page.getByRole('dialog', { name: /^Source \d+$/ }).locator('mark');
  await expect(cited).toBeVisible();
  expect(marked).toBe(words((await cited.textContent()) ?? ''));

  // Every sentence with its support; a passage of the table opens the same document.
  await page.getByRole('button', { name: 'Close document' }).click();
  await chat.lastAnswer.hover();
  await chat.lastAnswer.getByRole('button', { name: 'Check answer' }).click();
  const supported = page.getByTestId('check-table').getByRole('row').filter({ hasText: 'Supported' });
  await expect(supported.first()).toContainText('8.4 bar');
  await supported.first().getByRole('button').last().click();
  expect(words(await library.markedText())).toContain('8.4 bar');

  // A follow-up begins with the prompt before it: sources, question and answer are read from the cache.
  await chat.ask('At what pressure does it close?');
  await chat.answered();
  await chat.lastAnswer.getByRole('button', { name: /tok\/s/ }).click();
  const figures = (await page.getByRole('dialog').locator('dl').allInnerTexts())
    .join(' ')
    .replace(/\s+/g, ' ');
  const figure = (name: string) =>
    Number((new RegExp(`${name} ([\\d,]+) tokens`).exec(figures)?.[1] ?? '').replaceAll(',', ''));
  expect(figure('Reused')).toBeGreaterThan(figure('Prompt') / 4);
  await page.keyboard.press('Escape');

  // The same document, found by its words alone, and nothing for what is not in it.
  await library.open();
  await page.getByRole('searchbox', { name: 'Search the library' }).fill('lapping compound grade');
  await expect(page.getByText('600 compound').first()).toBeVisible();
});

test('what cannot be a document is refused by name, and the rest is taken', async ({ page }) => {
  const models = new ModelsPage(page);
  await models.open();
  await models.download('BGE small (English)');
  const library = new LibraryPage(page);
  await library.open();
  let isAsked = false;
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') isAsked = true;
  });
  await library.drop([
    file('truncated.pdf'),
    file('encrypted.pdf'),
    file('png-as.pdf'),
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    file('hostile.html'),
    file('hostile.md'),
    file('garden-notes.md'),
  ]);
  await library.ready('garden-notes.md');
  await library.ready('hostile.md');
  await library.ready('hostile.html');
  await expect(page.getByText(/empty \(0 bytes\)/)).toBeVisible();
  await expect(page.getByText(/PNG picture/)).toBeVisible();
  await expect(library.row('truncated.pdf')).toContainText('Failed');
  await expect(library.row('encrypted.pdf')).toContainText('Failed');

  await library.row('hostile.html').getByRole('button').first().click();
  await expect(library.viewer).toBeVisible();
  expect(await page.evaluate(() => '__pwned' in window)).toBe(false);
  expect(isAsked).toBe(false);
});
