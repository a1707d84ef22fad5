import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import manualUrl from '../../../e2e/fixtures/documents/relief-valve-manual.pdf?url';
import { makeLibrary, showScreen, type TestLibrary } from './library.test-support.tsx';
import type { Span } from './library-state.ts';

const WORDS = ['opens at 8.4 bar', 'third coil', 'spring'];
const NOTES = `# Pump\n\nThe valve opens late.\n\n${'Nothing of note here.\n\n'.repeat(400)}The valve closes soon.\n\nA valve is a valve.\n`;

let library: TestLibrary;
let hide: () => void = () => {};
const state = () => library.controller.store.getState();
const cited = (): string | undefined =>
  document.querySelector('[data-testid="cited-span"]')?.textContent ?? undefined;
const count = (): string | undefined =>
  document.querySelector('[data-testid="hit-count"]')?.textContent ?? undefined;

async function add(file: File): Promise<string> {
  await library.controller.addFiles([file]);
  return until(
    () => state().documents.find(({ name, status }) => name === file.name && status === 'ready')?.id,
  );
}

async function addManual(): Promise<{ readonly documentId: string; readonly hits: readonly Span[] }> {
  const bytes = await (await fetch(manualUrl)).blob();
  const documentId = await add(new File([bytes], 'relief-valve-manual.pdf', { type: 'application/pdf' }));
  const { text } = await library.controller.text(documentId, 0);
  const hits = WORDS.map((words) => ({
    start: text.indexOf(words),
    end: text.indexOf(words) + words.length,
  }));
  expect(hits.every(({ start }) => start >= 0)).toBe(true);
  return { documentId, hits: [...hits].sort((a, b) => a.start - b.start) };
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  library = await makeLibrary();
});
afterEach(async () => {
  hide();
  await library.dispose();
});

describe('hits in a document', () => {
  test('are walked through by button and key over pages, around the end, and said aloud', async () => {
    const { documentId, hits } = await addManual();
    const { text } = await library.controller.text(documentId, 0);
    const wordsOf = (i: number) => text.slice(hits[i]?.start, hits[i]?.end);
    library.controller.open({ documentId, span: hits[0] as Span, hits });
    hide = showScreen({ controller: library.controller });
    await until(() => cited() === wordsOf(0));
    expect(count()).toBe('Hit 1 of 3');
    expect(document.querySelector('[data-testid="hit-count"]')?.getAttribute('role')).toBe('status');
    await page.getByRole('button', { name: 'Next hit' }).click();
    await until(() => cited() === wordsOf(1));
    expect(count()).toBe('Hit 2 of 3');
    await userEvent.keyboard('n');
    await until(() => cited() === wordsOf(2));
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await until(() => cited() === wordsOf(0) && count() === 'Hit 1 of 3');
    await userEvent.keyboard('p');
    await until(() => cited() === wordsOf(2) && count() === 'Hit 3 of 3');
  });

  test('what was opened, opened again, leads back from where the hits or the hand had led', async () => {
    const { documentId, hits } = await addManual();
    const open = () => library.controller.open({ documentId, span: { ...(hits[0] as Span) }, hits });
    open();
    hide = showScreen({ controller: library.controller });
    await until(() => count() === 'Hit 1 of 3');
    await page.getByRole('button', { name: 'Next hit' }).click();
    await until(() => count() === 'Hit 2 of 3');
    open();
    await until(() => count() === 'Hit 1 of 3');
    const shown = () => document.querySelector('[data-testid="page-number"]')?.textContent;
    const before = await until(() => cited() !== undefined && shown());
    await page.getByRole('button', { name: 'Next page' }).click();
    expect(shown()).not.toBe(before);
    open();
    await until(() => shown() === before);
  });

  test('far down in a text the same hit, opened again, comes back into view', async () => {
    const documentId = await add(new File([NOTES], 'pump.md', { type: 'text/markdown' }));
    const start = NOTES.indexOf('The valve closes soon');
    const open = () => library.controller.open({ documentId, span: { start, end: start + 21 } });
    open();
    hide = showScreen({ controller: library.controller });
    const isSeen = () => {
      const { top = -1 } =
        document.querySelector('[data-testid="cited-span"]')?.getBoundingClientRect() ?? {};
      return top > 0 && top < 900;
    };
    await until(isSeen);
    document.querySelector('section[aria-label^="Text of"]')?.scrollTo({ top: 0 });
    await until(() => !isSeen());
    open();
    await until(isSeen);
  });

  test('a page that was turned away comes back with the next hit on it', async () => {
    const { documentId, hits } = await addManual();
    const twice = [hits[0], { start: (hits[0]?.start ?? 0) + 6, end: hits[0]?.end ?? 0 }] as const;
    library.controller.open({ documentId, span: twice[0] as Span, hits: twice as readonly Span[] });
    hide = showScreen({ controller: library.controller });
    const shown = () => document.querySelector('[data-testid="page-number"]')?.textContent;
    const before = await until(() => cited() !== undefined && shown());
    await page.getByRole('button', { name: 'Next page' }).click();
    expect(shown()).not.toBe(before);
    await page.getByRole('button', { name: 'Next hit' }).click();
    await until(() => shown() === before);
  });

  test('of a search are those of the document; far down in a text they come into view', async () => {
    await add(new File([NOTES], 'pump.md', { type: 'text/markdown' }));
    hide = showScreen({ controller: library.controller });
    await userEvent.fill(page.getByRole('searchbox', { name: 'Search the library' }), 'valve');
    await until(() => document.querySelectorAll('[data-testid="passage"]').length === 3);
    await page.getByTestId('passage').getByText('opens late').click();
    await until(() => cited()?.includes('opens late') && count() === 'Hit 1 of 3');
    await page.getByRole('button', { name: 'Next hit' }).click();
    await until(() => cited() === 'The valve closes soon.');
    const mark = document.querySelector('[data-testid="cited-span"]') as Element;
    await until(() => mark.getBoundingClientRect().top > 0 && mark.getBoundingClientRect().bottom < 900);
  });

  test('one hit has no bar, and the keys do nothing', async () => {
    const { documentId, hits } = await addManual();
    library.controller.open({ documentId, span: hits[0] as Span, hits: hits.slice(0, 1) });
    hide = showScreen({ controller: library.controller });
    await until(() => cited() !== undefined);
    expect(count()).toBeUndefined();
    const before = cited();
    document.querySelector<HTMLElement>('section[aria-label^="Pages of"]')?.focus();
    await userEvent.keyboard('n');
    expect(cited()).toBe(before);
    expect(state().target?.span).toEqual(hits[0]);
  });
});

describe.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)('at %d px, %s', (width, scheme) => {
  test('axe finds nothing serious in the viewer with hits, and nothing scrolls sideways', async () => {
    document.documentElement.style.colorScheme = scheme;
    document.documentElement.dataset.theme = scheme;
    await page.viewport(width, 844);
    const { documentId, hits } = await addManual();
    library.controller.open({ documentId, span: hits[1] as Span, hits });
    hide = showScreen({ controller: library.controller });
    await until(() => document.querySelector('[data-painted]') !== null && count() === 'Hit 2 of 3');
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    expect(runsOut()).toEqual([]);
  });
});
