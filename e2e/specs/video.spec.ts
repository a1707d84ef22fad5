import { resolve } from 'node:path';
import { expect, test } from '../fixtures/benchtop.ts';
import { ImagesPage } from '../pages/images.page.ts';

const FOLDER = resolve(import.meta.dirname, '../fixtures/films');
const path = (name: string): string => resolve(FOLDER, name);

/** What the films show, two seconds each. */
const SHOWN = ['red apple', 'fire engine', 'cactus', 'penguin', 'guitar', 'sunflower'];
const SECONDS_EACH = 2;

for (const name of ['six-vp9.webm', 'six-vp8.webm', 'six-h264.mp4'])
  test(`${name}: each thing that it shows opens it at its second, and the strip stands highest there`, async ({
    page,
  }) => {
    const images = new ImagesPage(page);
    await images.open();
    await images.drop([path(name)]);
    await expect(images.picture(name)).toHaveAttribute('data-status', 'ready');
    const off: string[] = [];
    for (const [i, words] of SHOWN.entries()) {
      const [found] = await images.findAll([words]);
      expect(found?.best).toEqual([name]);
      await images.picture(name).click();
      const wanted = i * SECONDS_EACH;
      const { shown, best } = await images.openFilm();
      console.log(`${name}, “${words}”: at ${shown.toFixed(2)} s, of ${wanted} to ${wanted + SECONDS_EACH}`);
      if (Math.abs(shown - wanted) > 1) off.push(`${words}: ${shown}`);
      expect(Math.abs(best - shown), `the strip for “${words}”`).toBeLessThanOrEqual(0.1);
      await page.getByRole('button', { name: 'Close picture' }).click();
    }
    expect(off).toEqual([]);
  });

test('films that cannot be shown are named with their reason beside one that can, offline and after a reload', async ({
  page,
  context,
}) => {
  const images = new ImagesPage(page);
  await images.open();
  await images.drop([path('six-mpeg4.mp4'), path('only-sound.webm'), path('six-vp9.webm')]);
  const broken = page.getByTestId('broken-pictures');
  await expect(broken).toContainText('MPEG-4 Part 2');
  await expect(broken).toContainText('only sound');
  await expect(images.picture('six-vp9.webm')).toHaveAttribute('data-status', 'ready');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.reload();
  await expect(images.picture('six-vp9.webm')).toHaveAttribute('data-status', 'ready');
  await images.findAll(['penguin']);
  await images.picture('six-vp9.webm').click();
  const { shown } = await images.openFilm();
  expect(Math.abs(shown - 6)).toBeLessThanOrEqual(1);
});

test.describe('a browser without WebCodecs', () => {
  // The worker's script would come from the service worker, past the route below.
  test.use({ serviceWorkers: 'block' });

  test('the player of the page shows the film to the worker', async ({ page, context, console: watcher }) => {
    watcher.expectMessage(/Service Worker registration blocked by Playwright/);
    const taken: string[] = [];
    await context.route(/\/assets\/images\.worker-[^/]+\.js$/, async (route) => {
      const response = await route.fetch();
      taken.push(route.request().url());
      await route.fulfill({ response, body: `delete self.VideoDecoder;\n${await response.text()}` });
    });
    await page.addInitScript(() => {
      const create = document.createElement.bind(document);
      Object.assign(window, { players: 0 });
      document.createElement = ((name: string, options?: ElementCreationOptions) => {
        if (name === 'video') (window as unknown as { players: number }).players += 1;
        return create(name, options);
      }) as typeof document.createElement;
    });
    const images = new ImagesPage(page);
    await images.open();
    await images.drop([path('six-vp8.webm')]);
    await expect(images.picture('six-vp8.webm')).toHaveAttribute('data-status', 'ready');
    expect(taken).toHaveLength(1);
    expect(await page.evaluate(() => (window as unknown as { players: number }).players)).toBe(2);
    await images.findAll(['sunflower']);
    await images.picture('six-vp8.webm').click();
    expect(Math.abs((await images.openFilm()).shown - 10)).toBeLessThanOrEqual(1);
  });
});
