// Pictures, for the benches.
import { readCatalog } from '../../scripts/models.mjs';

export const PICTURE_MODEL = readCatalog().models.find(({ id }) => id === 'emoji-clip');

/** A profile in which so many pictures are indexed with the model; the page stays open, to ask the text tower alone. */
export async function openShelf(openPage, { model, path, threads, count }) {
  const shelf = await openPage('bench/picture-shelf.html');
  const space = await shelf.evaluate((input) => globalThis.shelf.load(...input), [model, path, threads]);
  await shelf.evaluate((input) => globalThis.shelf.fill(...input), [count, space]);
  return shelf;
}

/** The Pictures screen with all of them. */
export async function openPictures(openPage, count) {
  const page = await openPage('pictures');
  await page
    .getByTestId('picture-count')
    .filter({ hasText: new RegExp(`^${count.toLocaleString('en')} pictures`) })
    .waitFor();
  return page;
}

/**
 * Writes words into the search box as a person does; ends when all their hits are there.
 * @returns {Promise<number>} milliseconds until the first hits were drawn
 */
export function askOnScreen(page, query) {
  return page.evaluate(async (words) => {
    const box = document.querySelector('input[aria-label="Search pictures"]');
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const startMs = performance.now();
    const drawn = globalThis.benchWatch.until(() => {
      const list = document.querySelector('[data-testid=pictures]');
      if (list?.dataset.query !== words) return undefined;
      return list.querySelector('[data-testid=picture][data-score]') ? performance.now() : undefined;
    });
    write.call(box, words);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    const drawnMs = (await drawn) - startMs;
    await globalThis.benchWatch.until(() => {
      const { query: answered, search } = document.querySelector('[data-testid=pictures]')?.dataset ?? {};
      return answered === words && search === 'done' ? true : undefined;
    });
    return drawnMs;
  }, query);
}
