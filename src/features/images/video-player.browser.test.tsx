import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { gifOf } from '#adapters/picture-decoder/pictures.test-support.ts';
import { seriousViolations } from '#ui/ui.test-support.tsx';
import { makeImages, showImages, type TestImages } from './images.test-support.tsx';

const urls = import.meta.glob<string>('../../../e2e/fixtures/films/*.{mp4,webm}', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function filmOf(name: string): Promise<File> {
  const response = await fetch(urls[`../../../e2e/fixtures/films/${name}`] ?? '');
  return new File([await response.blob()], name);
}

const stills = import.meta.glob<string>('../../../e2e/fixtures/emoji-eval/pictures/{elephant,banana}.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** Shows an elephant for a second, then a banana. */
async function animation(): Promise<File> {
  const frames: ImageData[] = [];
  for (const name of ['elephant', 'elephant', 'banana']) {
    const url = stills[`../../../e2e/fixtures/emoji-eval/pictures/${name}.webp`] ?? '';
    const context = new OffscreenCanvas(160, 160).getContext('2d');
    context?.drawImage(await createImageBitmap(await (await fetch(url)).blob()), 0, 0, 160, 160);
    if (context) frames.push(context.getImageData(0, 0, 160, 160));
  }
  return new File([gifOf(frames, 500)], 'zoo.gif');
}

let images: TestImages;
let hide = (): void => {};
beforeEach(async () => {
  await page.viewport(1280, 800);
  images = await makeImages();
  hide = showImages(images.controller);
});
afterEach(async () => {
  hide();
  await images.dispose();
});

const film = (): HTMLVideoElement | null => document.querySelector('[data-testid=film]');
const secondsShown = (): number => film()?.currentTime ?? -1;
const strip = () => page.getByRole('slider', { name: 'Where the film matches' });

async function openFilm(words: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search pictures' }).fill(words);
  await expect.poll(() => images.state().search.answers?.words).toBe(words);
  await page.getByRole('option').first().click();
  await expect.poll(() => film()?.readyState ?? 0).toBeGreaterThan(1);
}

describe('a film', () => {
  test('opens at the second that is searched for; the strip says where else, by mouse and by key', async () => {
    await images.controller.addFiles([await filmOf('six-vp9.webm')]);
    await images.ready(1);
    await expect.element(page.getByRole('option')).toHaveAccessibleName('six-vp9.webm, film, 0:12');
    await openFilm('cactus');
    await expect
      .element(page.getByRole('option'))
      .toHaveAccessibleName(/^six-vp9.webm, film, 0:04 of 0:12, similarity 0\.\d\d$/);
    await expect.poll(() => Math.abs(secondsShown() - 4)).toBeLessThan(1);
    await expect.poll(() => document.querySelectorAll('[data-testid=film-part][data-score]').length).toBe(6);
    const parts = [...document.querySelectorAll<SVGElement>('[data-testid=film-part]')];
    const best = parts.toSorted((a, b) => Number(b.dataset.score) - Number(a.dataset.score))[0];
    expect(best?.dataset).toMatchObject({ seconds: '4', current: 'true' });
    await expect
      .element(strip())
      .toHaveAttribute('aria-valuetext', expect.stringMatching(/^0:04, similarity 0\.\d\d$/));
    expect(await seriousViolations()).toEqual([]);

    strip().element().focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.poll(() => Math.abs(secondsShown() - 6)).toBeLessThan(0.5);
    await userEvent.keyboard('{End}');
    await expect.poll(() => Math.abs(secondsShown() - 10)).toBeLessThan(0.5);
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => Math.abs(secondsShown() - 4)).toBeLessThan(0.5);
    await strip().click({ position: { x: 2, y: 5 } });
    await expect.poll(secondsShown).toBeLessThan(0.5);

    // Another search leads on, in the film that is open.
    await page.getByRole('searchbox', { name: 'Search pictures' }).fill('guitar');
    await expect.poll(() => Math.abs(secondsShown() - 8)).toBeLessThan(0.5);
  });

  test('large, it keeps its keys; without a search the strip has no scores', async () => {
    await images.controller.addFiles([await filmOf('six-h264.mp4')]);
    await images.ready(1);
    await page.getByRole('option').first().dblClick();
    images.controller.preview(images.state().images[0]?.id ?? '');
    await expect.element(page.getByTestId('picture-preview')).toBeVisible();
    await expect.poll(() => film()?.videoWidth).toBe(160);
    expect(document.querySelectorAll('[data-testid=film-part]')).not.toHaveLength(0);
    expect(document.querySelectorAll('[data-testid=film-part][data-score]')).toHaveLength(0);
    const large = page.getByTestId('picture-preview').getByRole('slider', { name: 'Where the film matches' });
    large.element().focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(page.getByTestId('picture-preview')).toBeVisible();
    await expect.element(large).toHaveAttribute('aria-valuetext', '0:02');
    expect(await seriousViolations()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => document.querySelector('[data-testid=picture-preview]')).toBeNull();
  });

  test('one that no browser here can show stands there by name, with its codec', async () => {
    await images.controller.addFiles([await filmOf('six-mpeg4.mp4'), await filmOf('only-sound.webm')]);
    await expect.element(page.getByTestId('broken-pictures')).toHaveTextContent('MPEG-4 Part 2');
    await expect.element(page.getByTestId('broken-pictures')).toHaveTextContent('only sound');
  });
});

test('an animation that is found by what comes later shows that; a part of it is searched with, too', async () => {
  await images.controller.addFiles([await animation()]);
  await images.ready(1);
  await page.getByRole('searchbox', { name: 'Search pictures' }).fill('banana');
  const option = page.getByRole('option');
  await expect.element(option).toHaveAccessibleName(/^zoo.gif, animation, at 1 s, similarity 0\.\d\d$/);
  await option.click();
  const shown = page.getByTestId('open-image');
  await expect.element(shown).toHaveAttribute('data-seconds', '1');
  await expect.element(page.getByTestId('animation-moment')).toHaveTextContent('Matches best at 1 s.');
  expect(await seriousViolations()).toEqual([]);
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.element(shown).not.toHaveAttribute('data-seconds');
  // A part of what plays cannot be drawn: it stands still at what is searched with then.
  await page.getByRole('button', { name: 'Choose a part to search with' }).click();
  await expect.element(shown).toHaveAttribute('data-seconds', '1');
  await userEvent.keyboard('{Escape}');
  await expect.element(shown).not.toHaveAttribute('data-seconds');
  await page.getByRole('button', { name: 'Show this moment' }).click();
  const [id = ''] = images.state().images.map((image) => image.id);
  // As one that was indexed when only first frames were.
  await images.repositories.images.commit({
    updates: [{ id, change: ({ moments: _, ...stored }) => stored }],
  });
  await images.controller.noteStale();
  await expect
    .element(page.getByTestId('waiting-pictures'))
    .toHaveTextContent('only the first frame is found');
  await page.getByRole('button', { name: 'Index all frames' }).click();
  await expect.poll(() => images.state().images[0]?.moments).toEqual([0, 1000]);
  await images.controller.searchMoment(id, 1, { x: 0.1, y: 0.1, width: 0.8, height: 0.8 });
  expect(images.state().search.response?.hits).toMatchObject([{ imageId: id, seconds: 1 }]);
});
