import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import { makeImages, type TestImages } from '../images.test-support.tsx';
import { type ImagesController, PictureStrip } from '../index.ts';

let images: TestImages;
const hides: (() => void)[] = [];
beforeEach(async () => {
  images = await makeImages();
});
afterEach(async () => {
  for (const hide of hides.splice(0)) hide();
  await images.dispose();
});

function show(words: string, controller: ImagesController = images.controller): { followed: number } {
  const seen = { followed: 0 };
  const { hide } = mountScreen(
    <PictureStrip controller={controller} words={words} onFollow={() => (seen.followed += 1)} />,
  );
  hides.push(hide);
  return seen;
}

test('the best that match, and the way to all of them with the query, whatever was looked at there before', async () => {
  await images.controller.addSamples();
  await images.ready(12);
  await images.controller.setFilter({ folder: 'Nowhere' });
  await images.find('pizza');
  const seen = show('castle');
  const strip = page.getByTestId('picture-strip');
  await expect.element(strip.getByRole('listitem').first()).toBeVisible();
  const shown = strip.getByRole('listitem').elements().length;
  expect(shown).toBeGreaterThan(0);
  expect(shown, 'what is less like a castle than like anything stays away').toBeLessThan(8);
  await expect
    .element(strip.getByRole('button').first())
    .toHaveAccessibleName(/^castle\.webp, similarity 0\.\d\d$/);
  expect(images.state().query.words, 'the pictures’ own search is as it was').toBe('pizza');
  await strip.getByRole('button', { name: 'All 12 pictures →' }).click();
  expect(seen.followed).toBe(1);
  await until(() => images.state().search.status === 'done');
  expect(images.state()).toMatchObject({
    query: { words: 'castle' },
    filter: {},
    view: 'all',
    openId: undefined,
  });
  expect(images.state().search.response?.hits).toHaveLength(12);
  await strip.getByRole('button').first().click();
  expect(images.state().openId).toBe(images.state().search.response?.hits[0]?.imageId);
});

test('the newest words win over an answer that comes late', async () => {
  await images.controller.addSamples();
  await images.ready(12);
  let release = (): void => {};
  const answered: Promise<unknown>[] = [];
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const late: ImagesController = {
    ...images.controller,
    glimpse(words, limit) {
      const answer = (words === 'pizza' ? held : Promise.resolve()).then(() =>
        images.controller.glimpse(words, limit),
      );
      answered.push(answer);
      return answer;
    },
  };
  const view = mountScreen(<PictureStrip controller={late} words="pizza" onFollow={() => {}} />);
  hides.push(view.hide);
  await until(() => answered.length === 1);
  view.set(<PictureStrip controller={late} words="owl" onFollow={() => {}} />);
  const strip = page.getByTestId('picture-strip');
  await expect.element(strip).toHaveAttribute('data-query', 'owl');
  expect(answered).toHaveLength(2);
  release();
  await Promise.all(answered);
  // What it would show is on the page two frames later.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  await expect.element(strip.getByRole('button').first()).toHaveAccessibleName(/^owl\.webp/);
  await expect.element(strip).toHaveAttribute('data-query', 'owl');
});

test('where no picture shows it, that is said, and the most similar ones are a press away', async () => {
  await images.controller.addSamples();
  await images.ready(12);
  const seen = show('quarterly revenue report');
  const strip = page.getByTestId('picture-strip');
  await expect.element(strip).toHaveTextContent('No picture shows this.');
  expect(strip.getByRole('listitem').elements()).toHaveLength(0);
  await images.controller.addTag(
    images
      .state()
      .images.slice(0, 1)
      .map(({ id }) => id),
    'revenue report',
  );
  const tagged = await images.controller.glimpse('revenue report', 8);
  expect(tagged.pictures.map(({ words }) => words?.source)).toEqual(['tag']);
  await strip.getByRole('button', { name: 'The most similar ones →' }).click();
  expect(seen.followed).toBe(1);
  await until(() => images.state().search.response?.hits.length === 12);
});

test('a search that fails says so in its place', async () => {
  const failing: ImagesController = {
    ...images.controller,
    glimpse: async () => {
      throw new AppError('model/not-found', 'The model that reads pictures is missing.');
    },
  };
  show('castle', failing);
  await expect
    .element(page.getByTestId('picture-strip'))
    .toHaveTextContent('Pictures could not be searched. The model that reads pictures is missing.');
});
