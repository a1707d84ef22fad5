import { afterEach, beforeEach, expect, test } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { makeLibrary, showScreen, type TestLibrary } from './library.test-support.tsx';

let library: TestLibrary;
let hide: () => void = () => {};
const state = () => library.controller.store.getState();

/** Where a passage is drawn, in pixels of the window. */
async function placeOf(canvas: Element, point: number): Promise<{ readonly x: number; readonly y: number }> {
  const { points } = await library.controller.map(new AbortController().signal);
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const share = (value: number): number => ((value + 1) / 2) * 0.9 + 0.05;
  return {
    x: left + share(points[point * 2] ?? 0) * width,
    y: top + share(-(points[point * 2 + 1] ?? 0)) * height,
  };
}

/** A finger that comes down and goes up again: it never hovers. */
async function tap({ x, y }: { readonly x: number; readonly y: number }): Promise<void> {
  // The runner shows the page in a frame, which it scales to fit.
  const { left, top, width } =
    globalThis.frameElement?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth);
  const scale = width / innerWidth;
  const touchPoints = [{ x: left + x * scale, y: top + y * scale }];
  await cdp().send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await cdp().send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

beforeEach(async () => {
  await page.viewport(390, 844);
  library = await makeLibrary();
  await library.controller.addFiles([
    new File(['Apples are red.\n\nPears are green.'], 'fruit.md', { type: 'text/markdown' }),
    new File(['Trams run late.'], 'trams.md', { type: 'text/markdown' }),
  ]);
  await until(
    () => state().documents.length === 2 && state().documents.every(({ status }) => status === 'ready'),
  );
  hide = showScreen({ controller: library.controller, onAskWithin: () => {} });
  await userEvent.click(page.getByRole('button', { name: 'Map of the passages' }));
});
afterEach(async () => {
  hide();
  await library.dispose();
});

test('a tap on a passage of the map opens it, though a finger never hovers', async () => {
  const canvas = await until(() => document.querySelector('[data-testid="collection-map"]') ?? undefined);
  const { documents, documentOf } = await library.controller.map(new AbortController().signal);
  const { x, y } = await placeOf(canvas, 0);
  await tap({ x: x + 6, y: y + 2 });
  const target = await until(() => state().target);
  expect(target.documentId).toBe(documents[documentOf[0] ?? -1]?.id);
  expect(target.span?.end).toBeGreaterThan(0);
});
