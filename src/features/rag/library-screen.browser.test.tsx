import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import manualUrl from '../../../e2e/fixtures/documents/relief-valve-manual.pdf?url';
import { makeLibrary, showScreen, type TestLibrary } from './library.test-support.tsx';

let library: TestLibrary;
let hide: () => void = () => {};
const state = () => library.controller.store.getState();
const text = (selector: string): string | undefined =>
  document.querySelector(selector)?.textContent ?? undefined;

async function manual(): Promise<File> {
  return new File([await (await fetch(manualUrl)).blob()], 'relief-valve-manual.pdf', {
    type: 'application/pdf',
  });
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  library = await makeLibrary();
});
afterEach(async () => {
  hide();
  await library.dispose();
});

describe('the library screen', () => {
  test('teaches when it is empty, and takes the samples', async () => {
    hide = showScreen({ controller: library.controller });
    await expect.element(page.getByText('Ask your own documents')).toBeVisible();
    await page.getByRole('button', { name: 'Use the sample library' }).click();
    await until(
      () => state().documents.length === 4 && state().documents.every(({ status }) => status === 'ready'),
    );
    await expect.element(page.getByRole('list', { name: 'Documents' })).toBeVisible();
    await expect.element(page.getByText('night-sky-guide.pdf')).toBeVisible();
  });

  test('takes dropped files; a passage opens its page with exactly its text marked', async () => {
    hide = showScreen({ controller: library.controller });
    const zone = await until(
      () => document.querySelector('section[aria-label="Drop documents to add them"]') ?? undefined,
    );
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(await manual());
    for (const type of ['dragenter', 'dragover', 'drop'])
      zone.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    await until(() => state().documents[0]?.status === 'ready');
    await userEvent.fill(
      page.getByRole('searchbox', { name: 'Search the library' }),
      'spring broke third coil',
    );
    await until(() => document.querySelector('[data-testid="passage"]') ?? undefined);
    await page.getByTestId('passage').first().click();
    const { span } = await until(() => state().target);
    await until(() => document.querySelector('[data-testid="cited-span"]') ?? undefined);
    const [first] = state().search.response?.passages ?? [];
    expect(text('[data-testid="cited-span"]')).toBe(first?.text);
    expect(first?.page).toBe(5);
    expect(text('[data-testid="page-number"]')).toBe('5 / 7');
    expect(span).toEqual({ start: first?.start, end: first?.end });
    await until(() => document.querySelector('[data-painted]') ?? undefined);
  });

  test('marks stand on the letters: dark ink lies under each mark, and none beside the last', async () => {
    await library.controller.addFiles([await manual()]);
    await until(() => state().documents[0]?.status === 'ready');
    const documentId = state().documents[0]?.id ?? '';
    const whole = (await library.controller.text(documentId, 0)).text;
    const start = whole.indexOf('opens at 8.4 bar');
    const span = { start, end: start + 'opens at 8.4 bar'.length };
    // Over the whole screen, where the letters are large enough to be told from the paper between them.
    hide = showScreen({ controller: library.controller, route: { documentId, span } });
    await until(() => document.querySelector('[data-painted]') ?? undefined);
    expect(text('[data-testid="cited-span"]')).toBe('opens at 8.4 bar');
    expect(text('[data-testid="page-number"]')).toBe('2 / 7');
    const canvas = await until(() => document.querySelector('canvas') ?? undefined);
    const mark = await until(() => document.querySelector('[data-testid="cited-span"] mark') ?? undefined);
    const [on, sheet] = [mark.getBoundingClientRect(), canvas.getBoundingClientRect()];
    const scale = canvas.width / sheet.width;
    const pixels = canvas
      .getContext('2d')
      ?.getImageData(
        (on.left - sheet.left) * scale,
        (on.top - sheet.top) * scale,
        on.width * scale,
        on.height * scale,
      ).data;
    const dark = [...(pixels ?? [])].filter((value, i) => i % 4 === 0 && value < 140).length;
    expect(dark).toBeGreaterThan(200);
    expect(on.width / sheet.width).toBeGreaterThan(0.1);
    expect(on.width / sheet.width).toBeLessThan(0.2);
  });

  test('pages turn by button and key; a citation is one button away', async () => {
    await library.controller.addFiles([await manual()]);
    await until(() => state().documents[0]?.status === 'ready');
    const documentId = state().documents[0]?.id ?? '';
    hide = showScreen({ controller: library.controller, route: { documentId, page: 3 } });
    await until(() => text('[data-testid="page-number"]') === '3 / 7');
    await page.getByRole('button', { name: 'Next page' }).click();
    expect(text('[data-testid="page-number"]')).toBe('4 / 7');
    (document.querySelector('section[aria-label^="Pages of"]') as HTMLElement).focus();
    await userEvent.keyboard('{End}');
    expect(text('[data-testid="page-number"]')).toBe('7 / 7');
    const before = document.querySelector('canvas')?.getBoundingClientRect().width ?? 0;
    await userEvent.keyboard('+');
    await until(() => (document.querySelector('canvas')?.getBoundingClientRect().width ?? 0) > before * 1.2);
  });

  test('text is shown with the span marked, and chunks lead to their place', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `Line ${i} of a long document.`);
    await library.controller.addFiles([new File([lines.join('\n\n')], 'long.md', { type: 'text/markdown' })]);
    await until(() => state().documents[0]?.status === 'ready');
    const documentId = state().documents[0]?.id ?? '';
    const wanted = 'Line 2345 of a long document.';
    const start = lines.join('\n\n').indexOf(wanted);
    library.controller.open({ documentId, span: { start, end: start + wanted.length } });
    hide = showScreen({ controller: library.controller });
    const mark = await until(() => document.querySelector('[data-testid="cited-span"]') ?? undefined);
    expect(mark.textContent).toBe(wanted);
    await until(() => {
      const { top, bottom } = mark.getBoundingClientRect();
      return top > 0 && bottom < 900;
    });
    await page.getByRole('tab', { name: /Chunks/ }).click();
    await until(() => document.querySelectorAll('[data-testid="chunk"]').length > 2);
    expect(document.querySelectorAll('[data-testid="chunk"]').length).toBeLessThan(40);
    await page.getByTestId('chunk').nth(1).click();
    await until(() => text('[data-testid="cited-span"]') === 'Line 1 of a long document.');
  });

  test('files pasted anywhere on the screen are taken', async () => {
    hide = showScreen({ controller: library.controller });
    await expect.element(page.getByText('Ask your own documents')).toBeVisible();
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['# Pasted'], 'pasted.md', { type: 'text/markdown' }));
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
    await until(() => state().documents[0]?.name === 'pasted.md');
  });

  const paste = (target: Element, data: Readonly<Record<string, string>>, file?: File): void => {
    const clipboardData = new DataTransfer();
    for (const [type, value] of Object.entries(data)) clipboardData.setData(type, value);
    if (file) clipboardData.items.add(file);
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  };

  test('pasted text becomes a document, can be undone, and is left to a field', async () => {
    hide = showScreen({ controller: library.controller });
    await expect.element(page.getByText('Ask your own documents')).toBeVisible();
    const search = await until(() => document.querySelector('input[type="search"], input') ?? undefined);
    paste(search, { 'text/plain': 'for the search' });
    paste(document.body, { 'text/plain': 'Otters hold hands.' });
    await until(() => state().documents.length > 0);
    expect(state().documents.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^Pasted text \d{4}-\d\d-\d\d \d\d\.\d\d\.md$/),
    ]);
    await until(() => library.notes.some((note) => note.startsWith('Added “Pasted text ')));
    library.undo();
    await until(() => state().documents.length === 0);
  });

  test('cells copied from a spreadsheet become a table, not the picture that comes with them', async () => {
    hide = showScreen({ controller: library.controller });
    const zone = await until(
      () => document.querySelector('section[aria-label="Drop documents to add them"]') ?? undefined,
    );
    const picture = new File(['x'], 'image.png', { type: 'image/png' });
    paste(
      zone,
      { 'text/plain': 'Part\tPrice\r\nValve\t12', 'text/html': '<table><tr><td>Part</td></tr></table>' },
      picture,
    );
    await until(() => state().documents[0]?.name.startsWith('Pasted table '));
    expect(state().rejected).toEqual([]);
    const { id = '' } = state().documents[0] ?? {};
    expect(await (await library.repositories.library.blob(`original:${id}`))?.text()).toBe(
      'Part,Price\r\nValve,12\r\n',
    );
  });

  test('axe finds nothing serious: empty, full, searching, with a document open, in both themes', async () => {
    const check = async (): Promise<void> => {
      for (const theme of ['light', 'dark']) {
        document.documentElement.dataset.theme = theme;
        await new Promise((resolve) => setTimeout(resolve, 300)); // colours fade over
        const { violations } = await axe.run(document.body, {
          rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
        });
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      }
      delete document.documentElement.dataset.theme;
    };
    hide = showScreen({ controller: library.controller });
    await expect.element(page.getByText('Ask your own documents')).toBeVisible();
    await check();
    await library.controller.addFiles([await manual(), new File([], 'empty.md'), new File(['x'], 'x.png')]);
    await until(
      () =>
        state().documents.length === 2 &&
        state().documents.every(({ status }) => /ready|failed/.test(status)),
    );
    await check();
    await userEvent.fill(page.getByRole('searchbox', { name: 'Search the library' }), 'spring');
    await until(() => document.querySelector('[data-testid="passage"]') ?? undefined);
    await page.getByTestId('passage').first().click();
    await until(() => document.querySelector('[data-painted]') ?? undefined);
    await check();
    await page.getByRole('tab', { name: /Chunks/ }).click();
    await until(() => document.querySelector('[data-testid="chunk"]') ?? undefined);
    await check();
  });

  test('hostile documents stay text', async () => {
    const hostile = '# X\n\n<img src=x onerror="window.__pwned=1">\n\n[a](javascript:window.__pwned=2)';
    await library.controller.addFiles([new File([hostile], 'hostile.md', { type: 'text/markdown' })]);
    await until(() => state().documents[0]?.status === 'ready');
    hide = showScreen({
      controller: library.controller,
      route: { documentId: state().documents[0]?.id ?? '' },
    });
    await until(() => text('section[aria-label^="Text of"]')?.includes('onerror'));
    expect(
      document.querySelector('section[aria-label^="Text of"] img, section[aria-label^="Text of"] a'),
    ).toBeNull();
    expect('__pwned' in window).toBe(false);
  });

  test('thousands of documents: only the rows in view are in the page', async () => {
    await library.repositories.library.commit({
      documents: Array.from({ length: 3000 }, (_, i) => ({
        id: `d${i}`,
        name: `Document ${i}.md`,
        mediaType: 'text/markdown',
        sizeBytes: 1000 + i,
        collectionIds: ['c'],
        status: 'ready' as const,
        addedAt: i,
        embeddedCount: 1,
        chunkCount: 1,
      })),
    });
    hide = showScreen({ controller: library.controller });
    await until(() => document.querySelectorAll('[data-testid="document"]').length > 10);
    expect(document.querySelectorAll('[data-testid="document"]').length).toBeLessThan(60);
    const first = page.getByRole('button', { name: 'Document 2999.md', exact: true });
    (first.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(document.activeElement?.textContent).toBe('Document 2997.md');
  });

  test('nothing runs out of the page at 360 px', async () => {
    await library.controller.addFiles([
      await manual(),
      new File([], 'an empty file with a rather long name.md'),
    ]);
    await until(
      () =>
        state().documents.length === 2 &&
        state().documents.every(({ status }) => /ready|failed/.test(status)),
    );
    await page.viewport(360, 740);
    hide = showScreen({ controller: library.controller });
    await until(() => document.querySelectorAll('[data-testid="document"]').length === 2);
    expect(runsOut()).toEqual([]);
    for (const row of document.querySelectorAll('[data-testid="document"]'))
      expect(row.getBoundingClientRect().right).toBeLessThanOrEqual(360);
  });
});
