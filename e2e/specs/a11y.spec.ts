import type { Locator, Page } from '@playwright/test';
import { axeSource, faultsOn } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/benchtop.ts';
import { ImagesPage } from '../pages/images.page.ts';

/** Every screen, and what of it is there last. */
const SCREENS: Readonly<Record<string, (page: Page) => Locator>> = {
  '/chat': (page) => page.getByRole('textbox', { name: 'Your question' }),
  '/library': (page) => page.getByRole('heading', { name: 'Ask your own documents' }),
  '/pictures': (page) => page.getByRole('heading', { name: 'Find a picture by what it shows' }),
  '/models': (page) => page.getByRole('heading', { name: 'Recommended for this machine' }),
  '/evals': (page) => page.getByRole('button', { name: 'Choose a model' }),
  '/settings': (page) => page.getByRole('heading', { name: 'Settings', exact: true }),
};

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(SCREENS[path]?.(page) ?? page.locator('main'), path).toBeVisible();
}

/**
 * What reaches out of the window to the left or right. The document's own scroll width says nothing of it: the screen clips
 * what is too wide, and its scrollers take it. Boxes that scroll by themselves and are reached by keys are left out.
 */
const runsOut = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.body.querySelectorAll('*')].flatMap((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      if (width === 0 || (left >= -0.5 && right <= window.innerWidth + 0.5)) return [];
      const box = element.parentElement?.closest('[tabindex="0"]');
      if (box && /auto|scroll/.test(getComputedStyle(box).overflowX)) return [];
      return [`${element.outerHTML.slice(0, 160)} from ${left} to ${right}`];
    }),
  );

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test(`no serious fault of access on any screen: ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      // Comes in before the page's own policy could refuse a script.
      await page.addInitScript({ content: axeSource });
      for (const path of Object.keys(SCREENS)) {
        await open(page, path);
        expect(await faultsOn(page), path).toEqual([]);
      }
    });

for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 360],
] as const)
  test(`pictures that are there: no fault of access, and nothing runs out: ${colorScheme}, ${width} px`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await page.addInitScript({ content: axeSource });
    const images = new ImagesPage(page);
    await images.open();
    const look = async (what: string): Promise<void> => {
      expect(await faultsOn(page), what).toEqual([]);
      expect(await runsOut(page), what).toEqual([]);
    };
    await page.getByRole('button', { name: 'Use the sample pictures' }).click();
    await images.indexed(12);
    await look('all');
    for (const [tab, shown] of [
      ['Albums', page.getByTestId('album').first()],
      ['Map', page.locator('[data-testid=picture-map][data-drawn="12"]')],
      ['Duplicates', page.getByRole('heading', { name: 'No duplicates' })],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(shown).toBeVisible();
      await look(tab);
    }
    await page.getByRole('tab', { name: 'All' }).click();
    await images.searchBox.fill('animal');
    await expect(page.locator('[data-query=animal][data-search=done]')).toBeVisible();
    await images.shown.first().click();
    await expect(page.getByTestId('picture-labels').getByRole('listitem')).toHaveCount(5);
    await look('an open picture');
    await page.getByRole('button', { name: 'Choose a part to search with' }).click();
    await expect(page.getByTestId('crop-box')).toBeFocused();
    await look('a part of it');
  });

test('nothing runs out of the page at 360 px', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of Object.keys(SCREENS)) {
    await open(page, path);
    expect(await runsOut(page), path).toEqual([]);
  }
});

test('the palette opens from the keyboard, goes to a screen, and Escape closes it', async ({ page }) => {
  await page.goto('/chat');
  await expect(page.getByRole('textbox', { name: 'Your question' })).toBeVisible();
  const search = page.getByPlaceholder('Type a command or the title of a chat');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(search).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search).toBeHidden();

  await page.keyboard.press('ControlOrMeta+k');
  await expect(search).toBeFocused();
  await page.keyboard.type('Models');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/models$/);
});

test('a key that is pressed the moment the page is there is not lost', async ({ page }) => {
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      const composer = document.querySelector('textarea[aria-label="Your question"]');
      if (composer === null) return;
      watch.disconnect();
      const keys = { key: 'k', ctrlKey: true, bubbles: true, cancelable: true };
      composer.dispatchEvent(new KeyboardEvent('keydown', keys));
    });
    watch.observe(document, { childList: true, subtree: true });
  });
  await page.goto('/chat');
  await expect(page.getByPlaceholder('Type a command or the title of a chat')).toBeVisible({
    timeout: 10_000,
  });
});
