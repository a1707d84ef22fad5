import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import { makeLibrary, showScreen, type TestLibrary } from './library.test-support.tsx';

let library: TestLibrary;
let hide: () => void = () => {};
const state = () => library.controller.store.getState();
const box = () => page.getByRole('searchbox', { name: 'Search the library' });
const chips = () =>
  [...document.querySelectorAll('ul[aria-label="Filters of this search"] li')].map(
    ({ textContent }) => textContent,
  );

beforeEach(async () => {
  await page.viewport(1440, 900);
  library = await makeLibrary();
  await library.controller.addFiles([
    new File(['# Pump\n\nThe valve opens at 8.4 bar.\n'], 'pump.md', { type: 'text/markdown' }),
  ]);
  await until(() => state().documents[0]?.status === 'ready');
  hide = showScreen({ controller: library.controller });
});
afterEach(async () => {
  hide();
  await library.dispose();
});

test('filters and phrases are shown as chips; one that is taken out leaves the box and the search', async () => {
  await userEvent.fill(box(), 'valve "at 8.4 bar" type:md after:2025');
  await until(() => chips().length === 3);
  expect(chips()).toEqual(['exactly “at 8.4 bar”', 'type md', 'added from 2025-01-01']);
  await page.getByRole('button', { name: 'Remove type md' }).click();
  await expect.element(box()).toHaveValue('valve "at 8.4 bar" after:2025');
  expect(chips()).toHaveLength(2);
  expect(state().search.query).toBe('valve "at 8.4 bar" after:2025');
  await until(() => document.querySelector('[data-testid="passage"]'));
  // What is typed on is not overwritten by the search that runs.
  await userEvent.type(box(), '-05 relief');
  await until(() => state().search.query.endsWith('after:2025-05 relief'));
  await expect.element(box()).toHaveValue('valve "at 8.4 bar" after:2025-05 relief');
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.viewport(390, 844);
  expect(runsOut()).toEqual([]);
});

test('only filters: it says that a word is missing', async () => {
  await userEvent.fill(box(), 'type:md');
  await expect.element(page.getByText('Add a word to look for in these documents.')).toBeVisible();
});
