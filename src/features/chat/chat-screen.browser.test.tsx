import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { MessageRecord, SourcePassage } from '#core/ports/chat-records.ts';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import {
  ENDLESS,
  ENDLESS_LINES,
  FINITE,
  makeChat,
  SMOLLM2_135M,
  showChat,
  type TestChat,
} from './chat.test-support.tsx';

let chat: TestChat;
let hide: () => void = () => {};
const box = () => page.getByRole('textbox', { name: 'Your question' });
const one = <T extends Element>(selector: string): T | undefined =>
  document.querySelector<T>(selector) ?? undefined;

async function send(question: string): Promise<void> {
  await userEvent.fill(box(), question);
  await userEvent.type(box(), '{Enter}');
}

beforeEach(async () => {
  localStorage.clear();
  document.documentElement.style.colorScheme = '';
  await page.viewport(1440, 900);
  chat = await makeChat();
  await chat.room.load(SMOLLM2_135M.id);
});
afterEach(async () => {
  hide();
  await chat.dispose();
});

const passage: SourcePassage = {
  number: 1,
  documentId: 'd',
  documentName: 'relief-valve-manual.pdf',
  ordinal: 3,
  text: 'The relief valve opens at 8.4 bar. It closes again at 7.9 bar.',
  start: 100,
  end: 162,
  page: 14,
  headingPath: ['Set points'],
  score: 0.03,
  denseScore: 0.82,
  origin: 'both',
};
const CITED = 'The valve opens at 8.4 bar [1]. It was painted red.';

/** A stored conversation with everything that an answer can hold. */
async function storeConversation(text = CITED): Promise<string> {
  await chat.ask(FINITE);
  const thread = chat.state().active!;
  const [, answer] = chat.state().messages;
  const parts: MessageRecord['parts'] = [
    { type: 'sources', query: 'q', passages: [passage], leftOut: 1 },
    { type: 'reasoning', text: 'The manual says it.', durationMs: 6200 },
    { type: 'text', text },
    {
      type: 'supports',
      sentences: [
        { start: 0, end: 31, source: 1, spanStart: 100, spanEnd: 134, score: 0.9 },
        { start: 32, end: text.length, source: null, score: 0.1 },
      ],
    },
  ];
  await chat.repositories.threads.save({ messages: [{ ...answer!, parts }] });
  await chat.controller.open(undefined);
  return thread.id;
}

describe('the chat screen', () => {
  test('asks, shows the answer with its figures; Stop is where Send was', async () => {
    hide = showChat(chat);
    await expect.element(page.getByText('Ask a question.')).toBeVisible();
    await until(() => document.activeElement === one('textarea[aria-label="Your question"]'));
    await userEvent.fill(box(), 'x');
    const sendAt = page.getByRole('button', { name: 'Send' }).element().getBoundingClientRect();
    await chat.controller.configure({ sampling: { ...chat.state().active!.sampling, maxTokens: 0 } });
    await send(ENDLESS);
    await expect.element(page.getByRole('button', { name: 'Stop' })).toBeVisible();
    const stop = page.getByRole('button', { name: 'Stop' });
    expect(stop.element().getBoundingClientRect().left).toBe(sendAt.left);
    await until(() => (one('article[aria-label="Answer"]')?.textContent ?? '').includes('cat ran'));
    await stop.click();
    await expect.element(page.getByText('Stopped.')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Continue' }).first()).toBeVisible();
    await chat.ask(FINITE);
    await expect.element(page.getByText('1,000 tok/s · 0.0 s')).toBeVisible();
  });

  test('the reader who scrolls up stays there while the answer grows; the arrow leads back', async () => {
    await page.viewport(390, 500);
    hide = showChat(chat);
    const asked = chat.ask(ENDLESS_LINES);
    const scroller = await until(() => one<HTMLElement>('[class*="scroller"]'));
    await until(() => scroller.scrollHeight > scroller.clientHeight + 300);
    await until(() => scroller.scrollTop > 200);
    scroller.scrollTop -= 20; // less than a line: still a wish
    await until(() => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > 100);
    const { scrollTop, scrollHeight } = scroller;
    await until(() => scroller.scrollHeight > scrollHeight + 60);
    expect(scroller.scrollTop).toBe(scrollTop);
    await page.getByRole('button', { name: 'Jump to the latest' }).click();
    await until(() => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2);
    const after = scroller.scrollHeight;
    await until(() => scroller.scrollHeight > after + 60);
    await until(() => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2);
    await chat.controller.stop();
    await asked;
  });

  test('citations show their passage, sentences without support are marked, reasoning is folded', async () => {
    const id = await storeConversation();
    const opened: SourcePassage[] = [];
    hide = showChat(chat, { onOpenSource: (source) => void opened.push(source) });
    await page.getByRole('button', { name: 'go red green blue end.', exact: true }).click();
    await expect.element(page.getByRole('button', { name: 'Thought for 6.2 s' })).toBeVisible();
    expect(document.body.textContent).not.toContain('The manual says it.');
    const chip = page.getByRole('button', { name: 'Source 1: relief-valve-manual.pdf · p. 14' });
    await chip.hover();
    await until(() => one('[class*="citationText"] mark'));
    expect(one('[class*="citationText"] mark')?.textContent).toBe('The relief valve opens at 8.4 bar.');
    await chip.click();
    expect(opened).toEqual([passage]);
    // Nothing lies over the page that the click opened; the next pointer shows the passage again.
    await until(() => one('[class*="citationText"]') === undefined);
    await page.getByRole('textbox', { name: 'Your question' }).hover();
    await chip.hover();
    await until(() => one('[class*="citationText"] mark'));
    await until(
      () => [...document.querySelectorAll('article [class*="nsupported"], article mark')].length > 1,
    );
    expect(chat.state().active?.id).toBe(id);
  });

  test('hostile Markdown does nothing', async () => {
    const requests: string[] = [];
    const watch = new PerformanceObserver((list) =>
      requests.push(...list.getEntries().map(({ name }) => name)),
    );
    watch.observe({ type: 'resource' });
    await storeConversation(
      '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>\n\n![p](https://example.com/pixel.png)\n\n[go](javascript:window.hacked=3) <a href="javascript:window.hacked=4">go</a>',
    );
    hide = showChat(chat);
    await page.getByRole('button', { name: 'go red green blue end.', exact: true }).click();
    const answer = await until(() => one('article[aria-label="Answer"]'));
    await until(() => answer.textContent?.includes('onerror') && answer.querySelector('p'));
    expect(answer.querySelectorAll('img, script, a[href^="javascript"]')).toHaveLength(0);
    expect((window as { hacked?: number }).hacked).toBeUndefined();
    expect(requests.filter((name) => name.includes('example.com'))).toEqual([]);
    watch.disconnect();
  });

  test('edit, arrows, delete with undo, by hand', async () => {
    hide = showChat(chat);
    await send(FINITE);
    await until(() => chat.answers()[0]?.status === 'complete');
    await page.getByRole('button', { name: 'Edit and ask again' }).click();
    await userEvent.fill(
      page.getByRole('textbox', { name: 'Edit the question' }),
      'up one two three four. Now up',
    );
    await userEvent.type(page.getByRole('textbox', { name: 'Edit the question' }), '{Enter}');
    await expect.element(page.getByText('one two three four.', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Previous version' }).click();
    await expect.element(page.getByText('red green blue end.', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Delete question' }).click();
    await expect.element(page.getByText('Message deleted')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.element(page.getByText('red green blue end.', { exact: true })).toBeVisible();
  });

  test('a comma can be typed into the stop strings', async () => {
    hide = showChat(chat);
    const field = page.getByRole('textbox', { name: 'Stop strings' });
    await userEvent.type(field, 'END, stop');
    await expect.element(field).toHaveValue('END, stop');
    expect(chat.state().active?.sampling.stop).toEqual(['END', 'stop']);
  });
});

describe.each([
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('at %d px, %s', (width, scheme) => {
  test('axe finds nothing serious, and nothing scrolls sideways', async () => {
    await storeConversation();
    document.documentElement.style.colorScheme = scheme;
    document.documentElement.dataset.theme = scheme;
    await page.viewport(width, 844);
    hide = showChat(chat);
    const [thread] = chat.state().threads;
    await until(() => one('textarea'));
    await chat.controller.open(thread?.id);
    await until(() => one('article [class*="citation"]'));
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    expect(runsOut()).toEqual([]);
  });
});
