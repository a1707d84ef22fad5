import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { MessageRecord, SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import type { Library } from '#core/ports/library.ts';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import { FINITE, makeChat, SMOLLM2_135M, showChat, type TestChat } from './chat.test-support.tsx';
import { chatCommands } from './chat-commands.ts';

const MANUAL = 'The relief valve opens at 8.4 bar. It closes again at 7.9 bar. Never use vinegar.';
const passage: SourcePassage = {
  number: 1,
  documentId: 'd',
  documentName: 'relief-valve-manual.pdf',
  ordinal: 3,
  text: MANUAL,
  start: 100,
  end: 100 + MANUAL.length,
  page: 14,
  headingPath: ['Set points'],
  score: 0.03,
  denseScore: 0.82,
  origin: 'both',
};
const TEXT = `The valve opens at 8.4 bar [1]. It says “closes again at 7.9 bar”, and also “use vinegar every day”.

It weighs 77 kg, as Hans Meyer wrote. Which one is meant?`;
const at = (part: string) => ({ start: TEXT.indexOf(part), end: TEXT.indexOf(part) + part.length });
const SUPPORTS: readonly SentenceSupport[] = [
  { ...at('The valve opens at 8.4 bar [1].'), source: 1, spanStart: 100, spanEnd: 134, score: 0.94 },
  {
    ...at('It says “closes again at 7.9 bar”, and also “use vinegar every day”.'),
    source: 1,
    spanStart: 135,
    spanEnd: 162,
    score: 0.71,
  },
  { ...at('It weighs 77 kg, as Hans Meyer wrote.'), source: null, score: 0.1 },
];

let chat: TestChat;
let hide: () => void = () => {};

/** Aligns as the library would; says how often it was asked. */
function alignOnly(asked: string[]): Library {
  return new Proxy({} as Library, {
    get: (_, name) =>
      name === 'align'
        ? async ({ answer }: { answer: string }) => {
            asked.push(answer);
            return SUPPORTS;
          }
        : () => Promise.reject(new Error('Not asked for here')),
  });
}

interface Start {
  readonly hasSupports?: boolean;
  readonly asked?: string[];
  readonly text?: string;
}
async function start(options: Start = {}) {
  chat = await makeChat({ library: alignOnly(options.asked ?? []) });
  await chat.room.load(SMOLLM2_135M.id);
  await chat.ask(FINITE);
  const id = chat.state().active?.id;
  const [, answer] = chat.state().messages;
  if (!answer) throw new Error('No answer');
  const parts: MessageRecord['parts'] = [
    { type: 'sources', query: 'q', passages: [passage], leftOut: 0 },
    { type: 'text', text: options.text ?? TEXT },
    ...((options.hasSupports ?? true) ? [{ type: 'supports' as const, sentences: SUPPORTS }] : []),
  ];
  await chat.repositories.threads.save({ messages: [{ ...answer, parts }] });
  await chat.controller.open(undefined);
  await chat.controller.open(id);
}

const marks = (kind: string): readonly string[] =>
  [...document.querySelectorAll(`article[aria-label="Answer"] mark[data-kind="${kind}"][title]`)].map(
    (mark) => mark.textContent ?? '',
  );
const rows = () => page.getByTestId('check-table').getByRole('row');

beforeEach(async () => {
  localStorage.clear();
  await page.viewport(1440, 900);
});
afterEach(async () => {
  hide();
  await chat.dispose();
});

describe('an answer with sources', () => {
  test('marks quotes, numbers and names in the text, each with its reason', async () => {
    await start();
    hide = showChat(chat);
    await until(() => marks('strange').length === 2);
    expect(marks('strange')).toEqual(['77 kg', 'Hans Meyer']);
    expect(marks('quote-found')).toEqual(['“closes again at 7.9 bar”']);
    expect(marks('quote-missing')).toEqual(['“use vinegar every day”']);
    const strange = document.querySelector('mark[data-kind="strange"][title]');
    expect(strange?.getAttribute('title')).toBe('This number is in none of the sources');
  });

  test('is checked as a table; a passage opens with the spans that the answer cites', async () => {
    await start();
    const onOpenSource = vi.fn();
    hide = showChat(chat, { onOpenSource });
    await page.getByRole('button', { name: 'Check answer' }).click();
    await expect.element(page.getByText(/^1 of 3 statements supported/)).toBeVisible();
    await expect.element(rows().nth(1)).toHaveTextContent(/opens at 8.4 bar.*Supported.*0.94/);
    await expect
      .element(rows().nth(2))
      .toHaveTextContent(/Not in the sources: “use vinegar every day”.*Partly/);
    await expect.element(rows().nth(3)).toHaveTextContent(/In no source: 77 kg, Hans Meyer.*None/);
    await expect.element(rows().nth(4)).toHaveTextContent(/Which one is meant\?Not a claim/);
    await rows().nth(1).getByRole('button').click();
    const [opened, support, hits] = onOpenSource.mock.calls[0] ?? [];
    expect(opened).toEqual(passage);
    expect(support).toMatchObject({ spanStart: 100, spanEnd: 134 });
    expect(hits).toEqual([
      { start: 100, end: 134 },
      { start: 135, end: 162 },
    ]);
    await page.getByRole('button', { name: 'Close the check' }).click();
    await expect.element(page.getByRole('tab', { name: 'Settings' })).toBeVisible();
  });

  test('is checked also while a document lies over the check, and once more while it does', async () => {
    await start();
    const onCloseDocument = vi.fn();
    hide = showChat(chat, { document: <p>A document</p>, onCloseDocument });
    await page.getByRole('button', { name: 'Check answer' }).click();
    await vi.waitFor(() => expect(onCloseDocument).toHaveBeenCalledTimes(1));
    await page.getByRole('button', { name: 'Check answer' }).click();
    await vi.waitFor(() => expect(onCloseDocument).toHaveBeenCalledTimes(2));
  });

  test('that was stopped before it was aligned is aligned when it is checked', async () => {
    const asked: string[] = [];
    await start({ hasSupports: false, asked });
    hide = showChat(chat);
    await until(() => document.querySelector('article[aria-label="Answer"]'));
    expect(asked).toEqual([]);
    chat.controller.check(chat.answers()[0]?.id);
    await expect.element(page.getByText(/^1 of 3 statements supported/)).toBeVisible();
    expect(asked).toEqual([TEXT]);
  });

  test('is copied with its references', async () => {
    const written: string[] = [];
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void written.push(text));
    await start();
    hide = showChat(chat);
    for (const name of ['Markdown with numbers', 'Markdown with footnotes', 'Sources as BibTeX']) {
      await page.getByRole('button', { name: 'Copy with references' }).click();
      await page.getByRole('menuitem', { name }).click();
      await until(() => written.length > 0 && document.querySelector('[role="menu"]') === null);
    }
    await until(() => written.length === 3);
    expect(written[0]).toContain('8.4 bar. [1] It says');
    expect(written[1]).toContain(
      '[^1]: relief-valve-manual.pdf, p. 14: “The relief valve opens at 8.4 bar.”',
    );
    expect(written[2]).toMatch(/^@misc\{relief-valve-manual,/);
    const ids = chatCommands(chat.controller, { onOpenThread: () => {}, onDownload: () => {} })
      .filter(({ id, isAvailable }) => /copy-|check/.test(id) && isAvailable?.())
      .map(({ id }) => id);
    expect(ids).toEqual(['chat.copy-markdown', 'chat.copy-footnotes', 'chat.copy-bibtex', 'chat.check']);
    expect(await chat.controller.copyOf('gone', 'bibtex')).toBe('');
    expect(chat.notes.at(-1)).toBe('This answer cites nothing.');
  });

  test('without words leaves what was copied before', async () => {
    const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    written.mockClear();
    await start({ text: '', hasSupports: false });
    const commands = chatCommands(chat.controller, { onOpenThread: () => {}, onDownload: () => {} });
    await commands.find(({ id }) => id === 'chat.copy-bibtex')?.perform();
    expect(chat.notes.at(-1)).toBe('This answer cites nothing.');
    expect(commands.find(({ id }) => id === 'chat.copy')?.isAvailable?.()).toBe(false);
    expect(written).not.toHaveBeenCalled();
  });

  test('is starred: a question for evaluation with what it cites, once however often, and undone', async () => {
    await start();
    hide = showChat(chat);
    const star = page.getByRole('button', { name: 'Star: add to a question set' });
    const { datasets } = chat.repositories;
    await star.click();
    await until(() => chat.notes.length === 1);
    await star.click();
    await until(() => chat.notes.length === 2);
    const [set] = await datasets.list();
    expect(set).toMatchObject({ id: 'starred-answers', name: 'Starred answers' });
    const { documentId, start: from, end } = passage;
    expect(set?.questions).toEqual([
      {
        id: `answer:${chat.answers()[0]?.id}`,
        text: FINITE,
        origin: 'starred',
        answers: [{ documentId, start: from, end }],
      },
    ]);
    chat.undo();
    await until(async () => (await datasets.get('starred-answers'))?.questions.length === 0);
    await chat.controller.star('gone');
    expect(chat.notes.at(-1)).toMatch(/cites nothing/);
    await star.click();
    await until(() => chat.notes.length === 4);
    chat.repositories.close();
    chat.undo();
    await until(() => chat.notes.at(-1)?.startsWith('It could not be restored'));
  });
});

describe.each([
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('at %d px, %s', (width, scheme) => {
  test('the check is readable: axe finds nothing serious, nothing scrolls sideways, Escape leads back', async () => {
    document.documentElement.style.colorScheme = scheme;
    document.documentElement.dataset.theme = scheme;
    await page.viewport(width, 844);
    await start();
    hide = showChat(chat);
    await page.getByRole('button', { name: 'Check answer' }).click();
    await expect.element(page.getByText(/^1 of 3 statements supported/)).toBeVisible();
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    expect(runsOut()).toEqual([]);
    const widen = page.getByRole('button', { name: 'Show as a wide table' });
    if (width === 390) return expect(widen.query()).toBeNull();
    await widen.click();
    await until(() => document.querySelector('[role="dialog"] [data-testid="check-table"]'));
    await userEvent.keyboard('{Escape}');
    await until(() => document.querySelectorAll('[data-testid="check-table"]').length === 1);
  });
});
