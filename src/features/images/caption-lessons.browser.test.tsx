import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { installTrustedTypes } from '#app/trusted-types.ts';
import { until } from '#shared/until.test-support.ts';
import { runsOut } from '#ui/sideways.test-support.ts';
import { seriousViolations } from '#ui/ui.test-support.tsx';
import captions from '../../../e2e/fixtures/emoji-eval/captions.json' with { type: 'json' };
import { makeImages, showImages, type TestImages } from './images.test-support.tsx';

const urls = import.meta.glob<string>('../../../e2e/fixtures/emoji-eval/pictures/*.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});

// The page demands them, and a lesson starts a worker.
installTrustedTypes();

let images: TestImages;
let hide = (): void => {};
beforeEach(async () => {
  await page.viewport(1280, 800);
  images = await makeImages();
});
afterEach(async () => {
  hide();
  hide = () => {};
  await images.dispose();
});

async function addPictures(count: number): Promise<void> {
  const files = Object.entries(urls).slice(0, count);
  await images.controller.addFiles(
    await Promise.all(
      files.map(async ([path, url]) => {
        const blob = await (await fetch(url)).blob();
        return new File([blob], path.slice(path.lastIndexOf('/') + 1), { type: 'image/webp' });
      }),
    ),
  );
  await images.ready(files.length);
}

/** A way to say things that the model has not learned. */
const inMyWords = (name: string): string => `where did we put the ${name} sheet, drawer seven`;
const captionsFile = (): File =>
  new File(
    [JSON.stringify(captions.pictures.map(({ file, name }) => ({ file, caption: inMyWords(name) })))],
    'captions.json',
    { type: 'application/json' },
  );

async function importFile(file: File): Promise<void> {
  const input = document.querySelector<HTMLInputElement>('[data-testid=captions-file]');
  if (!input) throw new Error('There is no place for a captions file.');
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

async function score(words: string): Promise<number> {
  await images.controller.setWords('');
  await images.controller.setWords(words);
  images.controller.show('captions');
  return images.state().search.response?.hits[0]?.score ?? Number.NaN;
}

describe('captions', () => {
  test('a caption is written on the opened picture, and counted; a broken file is refused with words', async () => {
    await addPictures(3);
    hide = showImages(images.controller);
    await page.getByRole('tab', { name: 'Captions' }).click();
    await expect.element(page.getByRole('heading', { name: 'Teach search your own words' })).toBeVisible();
    expect(await seriousViolations()).toEqual([]);
    const [first] = images.state().images;
    images.controller.open(first?.id ?? '');
    await page.getByRole('textbox', { name: 'Captions' }).fill('one thing\n\none  Thing\nanother');
    await page.getByRole('tab', { name: 'Captions' }).click();
    await expect
      .poll(() => images.state().images.find(({ id }) => id === first?.id)?.captions)
      .toEqual(['one thing', 'another']);
    await expect
      .element(page.getByTestId('lesson-readiness'))
      .toHaveTextContent('1 indexed picture has a caption (2 in all). It takes 40 to begin');
    await expect.element(page.getByRole('button', { name: 'Learn from captions' })).toBeDisabled();
    await importFile(new File(['{'], 'broken.json'));
    await expect.element(page.getByText('The captions file is no JSON.')).toBeVisible();
  });

  test('a lesson from a file of captions: its course, its figures; kept, switched off, deleted', async () => {
    await addPictures(120);
    hide = showImages(images.controller);
    await page.getByRole('tab', { name: 'Captions' }).click();
    await expect.element(page.getByTestId('caption-lessons')).toBeVisible();
    await importFile(captionsFile());
    await expect
      .element(page.getByTestId('captions-imported'))
      .toHaveTextContent('Captions were added to 120 pictures.');
    await expect.element(page.getByTestId('lesson-readiness')).toHaveTextContent('(120 in all)');

    const words = inMyWords('volcano');
    const before = await score(words);
    await page.getByRole('button', { name: 'Learn from captions' }).click();
    await expect.element(page.getByTestId('lesson-result'), { timeout: 60_000 }).toBeVisible();
    const result = page.getByTestId('lesson-result');
    await expect.element(result).toHaveAttribute('data-verdict', 'better');
    await expect.element(result).toHaveTextContent('On 30 held-out pictures');
    const plot = document.querySelector<SVGElement>('[data-testid=lesson-plot]');
    expect(Number(plot?.dataset.steps)).toBeGreaterThan(20);
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Show the table' }).click();
    await expect.element(page.getByRole('columnheader', { name: 'Loss, mean of 10' })).toBeVisible();
    expect(await seriousViolations()).toEqual([]);
    // Nothing is used before it is kept.
    expect(await score(words)).toBe(before);

    await page.getByRole('button', { name: 'Keep it', exact: true }).click();
    await expect
      .element(page.getByTestId('lesson-kept'))
      .toHaveTextContent('From 72 captions of 72 pictures');
    expect(await score(words)).not.toBe(before);
    await page.viewport(390, 800);
    await expect.poll(() => runsOut()).toEqual([]);
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('switch', { name: 'Search with what was learned' }).click();
    await expect.poll(() => images.controller.lessons.store.getState().kept?.isOn).toBe(false);
    expect(await score(words)).toBe(before);
    await page.getByRole('switch', { name: 'Search with what was learned' }).click();
    await expect.poll(() => images.controller.lessons.store.getState().kept?.isOn).toBe(true);
    await page.getByRole('button', { name: 'Delete what was learned' }).click();
    await expect.poll(() => images.controller.lessons.store.getState().kept).toBeUndefined();
    expect(await score(words)).toBe(before);
  });

  test('a lesson that is stopped leaves nothing behind, and another can begin', async () => {
    await addPictures(48);
    const { lessons } = images.controller;
    await lessons.importFile(captionsFile());
    await images.ready(48);
    const run = lessons.start();
    await until(() => (lessons.store.getState().lesson?.losses.length ?? 0) > 2);
    lessons.discard();
    await run;
    expect(lessons.store.getState().lesson).toBeUndefined();
    await lessons.start();
    expect(lessons.store.getState().lesson?.status).toBe('done');
    lessons.discard();
    await lessons.keep();
    expect(lessons.store.getState().kept).toBeUndefined();
  });
});
