import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { makeLibrary, showScreen, type TestLibrary } from './library.test-support.tsx';

let library: TestLibrary;
let hide: () => void = () => {};
beforeEach(async () => {
  await page.viewport(1440, 900);
  library = await makeLibrary();
});
afterEach(async () => {
  hide();
  await library.dispose();
});

async function documentOf(source: string, name: string): Promise<string> {
  await library.controller.addFiles([new File([source], name)]);
  const ready = () => library.controller.store.getState().documents.find(({ status }) => status === 'ready');
  return (await until(ready)).id;
}

test('links of a page open in a tab of their own, also within what is marked, and it says where it is from', async () => {
  const from = 'https://tide.example/log/';
  const documentId = await documentOf(
    `<!-- saved from url=(0025)${from} --><p>The <a href="table.html">table of tides</a> hangs by the door.</p>`,
    'tide.html',
  );
  hide = showScreen({ controller: library.controller, route: { documentId, span: { start: 0, end: 12 } } });
  const links = await until(() => {
    const found = [...document.querySelectorAll<HTMLAnchorElement>('[data-testid="document-viewer"] a')];
    return found.length === 3 ? found : undefined;
  });
  // Where it is from; then the link, cut by the end of the mark.
  expect(links.map((link) => [link.textContent, link.href])).toEqual([
    [from, from],
    ['table of', `${from}table.html`],
    [' tides', `${from}table.html`],
  ]);
  for (const { target, rel } of links) expect([target, rel]).toEqual(['_blank', 'noopener noreferrer']);
  expect(document.querySelector('[data-testid="cited-span"]')?.textContent).toBe('The table of');
  await expect.element(page.getByTestId('document-source')).toHaveTextContent(`Saved from ${from}`);
});

test('a stored address that would run code is no link', async () => {
  const documentId = await documentOf('<p>The table hangs by the door.</p>', 'door.html');
  const links = [{ start: 4, end: 9, href: 'javascript:alert(1)' }, { start: 'x' }, null];
  await library.repositories.library.commit({
    blobs: [{ id: `links:${documentId}`, blob: new Blob([JSON.stringify(links)]) }],
  });
  expect(await library.controller.links(documentId)).toEqual([]);
});
