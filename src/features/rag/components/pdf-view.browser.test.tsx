import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { mount } from '#ui/mount.test-support.tsx';
import manualUrl from '../../../../e2e/fixtures/documents/relief-valve-manual.pdf?url';
import { makeLibrary, type TestLibrary } from '../library.test-support.tsx';
import { DocumentViewer } from './document-viewer.tsx';

let library: TestLibrary;
let hide: () => void = () => {};
afterEach(async () => {
  hide();
  await library.dispose();
});

/** A document with a cited span, in a column as narrow as the inspector. */
async function openInColumn(width: number): Promise<HTMLElement> {
  await page.viewport(1440, 900);
  library = await makeLibrary();
  const blob = await (await fetch(manualUrl)).blob();
  await library.controller.addFiles([new File([blob], 'manual.pdf', { type: 'application/pdf' })]);
  const { id } = await until(() =>
    library.controller.store.getState().documents.find(({ status }) => status === 'ready'),
  );
  const start = (await library.controller.text(id, 0)).text.indexOf('opens at 8.4 bar');
  const span = { start, end: start + 16 };
  const column = mount(<DocumentViewer controller={library.controller} documentId={id} span={span} />, {
    width: `${width}px`,
    height: '800px',
  });
  hide = column.hide;
  return column.container;
}

test('a page is as wide as its column when it opens and when the column changes; larger is the reader’s choice', async () => {
  const column = await openInColumn(380);
  const desk = await until(
    () => column.querySelector<HTMLElement>('section[aria-label^="Pages of"]') ?? undefined,
  );
  const paper = () => column.querySelector('[data-painted]')?.getBoundingClientRect();
  const overflow = () => desk.scrollWidth - desk.clientWidth;
  const fits = async (): Promise<void> => {
    await until(() => {
      const width = paper()?.width;
      return width !== undefined && width <= desk.clientWidth && width > desk.clientWidth - 32;
    });
    expect(overflow()).toBe(0);
    const mark = column.querySelector('[data-testid="cited-span"] mark')?.getBoundingClientRect();
    const view = desk.getBoundingClientRect();
    expect(mark && mark.top >= view.top && mark.bottom <= view.bottom).toBe(true);
  };
  await until(() => column.querySelector('[data-testid="cited-span"] mark') ?? undefined);
  await fits();
  for (const width of [620, 300, 380]) {
    column.style.width = `${width}px`;
    await until(() => Math.abs(desk.getBoundingClientRect().width - width) < 1);
    await fits();
  }
  await page.getByRole('button', { name: 'Larger' }).click();
  await until(() => overflow() > 0);
});
