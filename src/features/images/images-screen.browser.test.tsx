import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { until } from '#shared/until.test-support.ts';
import { seriousViolations } from '#ui/ui.test-support.tsx';
import { makeImages, showImages, type TestImages } from './images.test-support.tsx';

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

async function showSamples(): Promise<void> {
  hide = showImages(images.controller);
  await page.getByRole('button', { name: 'Use the sample pictures' }).click();
  await images.ready(12);
}

const grid = () => page.getByRole('listbox', { name: 'Pictures' });
const optionNames = (): readonly string[] =>
  [...document.querySelectorAll<HTMLElement>('[data-testid=picture]')]
    .sort((a, b) => Number(a.dataset.place) - Number(b.dataset.place))
    .map(({ dataset }) => dataset.name?.replace('Samples/', '') ?? '');
const activeName = (): string | undefined =>
  document.querySelector<HTMLElement>('[data-testid=picture][data-active]')?.dataset.name;

describe('from nothing to a picture', () => {
  test('an empty place teaches; the samples are found by words, and what is found says why', async () => {
    hide = showImages(images.controller);
    await expect
      .element(page.getByRole('heading', { name: 'Find a picture by what it shows' }))
      .toBeVisible();
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Use the sample pictures' }).click();
    await images.ready(12);
    await expect.element(page.getByTestId('picture-count')).toHaveTextContent('12 pictures');
    await page.getByRole('searchbox', { name: 'Search pictures' }).fill('pizza');
    await expect.poll(() => optionNames()[0]).toBe('pizza.webp');
    await page.getByRole('option').first().click();
    const inspector = page.getByTestId('picture-inspector');
    await expect.element(inspector).toHaveTextContent(/Similarity to what you search for: 0\.\d\d/);
    await expect.poll(() => document.querySelectorAll('[data-testid=picture-labels] li').length).toBe(5);
    await expect.element(inspector).toHaveTextContent('256 × 256 pixels');
    await expect.poll(() => document.querySelectorAll('[data-testid=open-image]').length).toBe(1);
    expect(await seriousViolations()).toEqual([]);
  });

  test('what cannot be read stands there by name with its reason; a text is not even added', async () => {
    hide = showImages(images.controller);
    const head = Uint8Array.from([
      0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73, 72, 68, 82,
    ]);
    await images.controller.addFiles([
      new File([head], 'cut.png', { type: 'image/png' }),
      new File(['hello'], 'notes.txt', { type: 'text/plain' }),
    ]);
    await expect.element(page.getByTestId('broken-pictures')).toHaveTextContent('cut.png');
    await expect.element(page.getByRole('alert')).toHaveTextContent('notes.txt');
    expect(await seriousViolations()).toEqual([]);
    await page.getByTestId('broken-pictures').getByRole('button', { name: 'Remove' }).click();
    await until(() => images.state().images.length === 0);
    expect(images.notes.at(-1)).toBe('Deleted cut.png.');
  });
});

test('a pasted picture is added; pasted into the box, or dropped on it, it is searched with', async () => {
  await showSamples();
  const dataOf = async (name: string): Promise<DataTransfer> => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><title>${name}</title><circle cx="45" cy="30" r="25" fill="red"/></svg>`;
    const data = new DataTransfer();
    data.items.add(new File([svg], `${name}.svg`, { type: 'image/svg+xml' }));
    return data;
  };
  const paste = async (target: Element, name: string): Promise<void> => {
    const clipboardData = await dataOf(name);
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  };
  await paste(document.body, 'outside');
  await images.ready(13);
  const box = page.getByRole('searchbox', { name: 'Search pictures' }).element();
  await paste(box, 'inside');
  await expect.element(page.getByTestId('query-picture')).toBeVisible();
  await expect.poll(() => optionNames()[0]).toBe('outside.svg');
  const dataTransfer = await dataOf('dropped');
  for (const type of ['dragenter', 'dragover', 'drop'])
    box.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  await until(() => images.state().search.answers?.picture !== undefined);
  await expect.element(page.getByTestId('query-picture')).toHaveAttribute('title', 'dropped.svg');
  await until(() => images.state().search.status === 'done');
  expect(images.state().images).toHaveLength(13);
  expect(images.state().addingCount).toBe(0);
});

describe('by keyboard', () => {
  test('arrows, ends, open, large, back, and delete with undo', async () => {
    await showSamples();
    const order = optionNames();
    await grid().click({ position: { x: 2, y: 2 } });
    await userEvent.keyboard('{End}');
    await expect.poll(activeName).toContain(order[11]);
    await userEvent.keyboard('{Home}{ArrowRight}');
    await expect.poll(activeName).toContain(order[1]);
    await userEvent.keyboard('{ArrowDown}');
    await expect.poll(activeName).not.toContain(order[1]);
    await userEvent.keyboard('{ArrowUp}');
    await expect.poll(activeName).toContain(order[1]);
    await userEvent.keyboard(' ');
    await expect.element(page.getByTestId('picture-preview')).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(page.getByTestId('picture-preview')).toHaveAccessibleName(order[2]);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => document.querySelector('[data-testid=picture-preview]')).toBeNull();
    await expect.element(grid()).toHaveFocus();
    await userEvent.keyboard('{Delete}');
    await until(() => images.state().images.length === 11);
    await expect.poll(() => optionNames()).toEqual(order.filter((name) => name !== order[2]));
    // The next one has taken its place.
    await expect.element(page.getByTestId('picture-inspector')).toHaveAccessibleName(order[3]);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => document.querySelector('[data-testid=picture-inspector]')).toBeNull();
    images.undo();
    await expect.poll(() => optionNames()).toEqual(order);
    await userEvent.keyboard('/');
    await expect.element(page.getByRole('searchbox', { name: 'Search pictures' })).toHaveFocus();
  });

  test('a part of a picture is chosen, sized and searched with', async () => {
    await showSamples();
    await grid().click({ position: { x: 2, y: 2 } });
    await userEvent.keyboard('{Home} ');
    const preview = page.getByTestId('picture-preview');
    await expect.element(preview).toHaveFocus();
    const name = images.state().openId;
    await preview.getByRole('button', { name: 'Choose a part to search with' }).click();
    const box = preview.getByTestId('crop-box');
    await expect.element(box).toHaveFocus();
    expect(await seriousViolations()).toEqual([]);
    await userEvent.keyboard('{ArrowRight}{ArrowUp}{Shift>}{ArrowDown}{ArrowLeft}{/Shift}');
    const words = 'left 30 %, top 20 %, 45 % wide, 55 % high';
    await expect.element(box).toHaveAccessibleName(`Part to search with: ${words}`);
    await expect.element(preview.getByRole('status')).toHaveTextContent(words);
    await userEvent.keyboard('{Escape}');
    await expect.element(preview.getByRole('button', { name: 'Choose a part to search with' })).toHaveFocus();
    expect(images.state().openId).toBe(name); // its own keys did not hear
    await userEvent.keyboard('{Enter}');
    await expect.element(box).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}{Enter}');
    await until(() => images.state().search.status === 'done');
    expect(images.state().query.picture).toMatchObject({
      imageId: name,
      region: { x: 0.3, y: 0.25, width: 0.5, height: 0.5 },
    });
  });

  test('two that are chosen are compared', async () => {
    await showSamples();
    await grid().click({ position: { x: 2, y: 2 } });
    await userEvent.keyboard('{Home}x{ArrowRight}x');
    await expect
      .element(page.getByTestId('pair-similarity'))
      .toHaveTextContent(/Similarity of the two: -?0\.\d\d/);
    expect(await seriousViolations()).toEqual([]);
  });
});

test('addresses of thumbnails are given back when the screen goes', async () => {
  const made = vi.spyOn(URL, 'createObjectURL');
  const gone = vi.spyOn(URL, 'revokeObjectURL');
  await showSamples();
  await expect.poll(() => document.querySelectorAll('[data-testid=picture] img').length).toBe(12);
  hide();
  expect(made.mock.results.length).toBeGreaterThanOrEqual(12);
  await until(() => {
    const revoked = new Set(gone.mock.calls.map(([url]) => url));
    return made.mock.results.every(({ value }) => revoked.has(value));
  });
  vi.restoreAllMocks();
});

describe('other ways to look', () => {
  test('the map outlives a resize while it is drawn, and is there again after another view', async () => {
    await showSamples();
    const drawn = page.getByTestId('picture-map');
    for (const width of [1280, 700, 1100, 420]) {
      await page.viewport(width, 800);
      await page.getByRole('tab', { name: 'Map' }).click();
      await expect.element(drawn).toHaveAttribute('data-drawn', '12');
      await page.viewport(width - 60, 500); // thumbnails of another size: the old ones are given back
      await expect.element(drawn).toHaveAttribute('data-drawn', '12');
      await page.getByRole('tab', { name: 'Albums' }).click();
      await expect.poll(() => document.querySelectorAll('[data-testid=album]').length).toBeGreaterThan(1);
    }
    await page.getByRole('tab', { name: 'Map' }).click();
    await expect.element(drawn).toHaveAttribute('data-drawn', '12');
  });

  test('on the map pictures are selected by a line around them, and by key; searched within and taken away', async () => {
    await showSamples();
    await page.getByRole('tab', { name: 'Map' }).click();
    const map = page.getByTestId('picture-map');
    await expect.element(map).toHaveAttribute('data-drawn', '12');
    const { left, top, width, height } = map.element().getBoundingClientRect();
    const point = (type: string, across: number, down: number): void => {
      const [clientX, clientY] = [left + across * width, top + down * height];
      const init = { pointerId: 1, button: 0, isPrimary: true, bubbles: true, clientX, clientY };
      map.element().dispatchEvent(new PointerEvent(type, init));
    };
    map.element().setPointerCapture = () => {}; // of a pointer that is only told of
    point('pointerdown', 0.01, 0.01);
    for (const [across, down] of [
      [0.5, 0.01],
      [0.5, 0.99],
      [0.01, 0.99],
    ] as const)
      point('pointermove', across, down);
    point('pointerup', 0.01, 0.99);
    expect(images.state().selectedIds.size).toBeGreaterThan(0);
    await expect.element(page.getByTestId('selection')).toBeVisible();
    const half = images.state().selectedIds.size;
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(12);
    expect(await seriousViolations()).toEqual([]);
    await page.getByTestId('selection').getByRole('button', { name: 'Clear' }).click();

    map.element().focus();
    await userEvent.keyboard('{ArrowRight}x');
    await expect.element(page.getByText(/\.webp, selected$/)).toBeVisible();
    await userEvent.keyboard('{Shift>}{ArrowLeft}{ArrowRight}{ArrowUp}{ArrowDown}{/Shift}');
    const chosen = [...images.state().selectedIds];
    expect(chosen.length).toBeGreaterThan(1);
    await page.getByTestId('selection').getByRole('button', { name: 'Search within' }).click();
    await expect.poll(() => optionNames().length).toBe(chosen.length);
    await images.find('pizza');
    expect(images.state().search.response?.searched).toBe(chosen.length);
    await page.getByRole('button', { name: /Remove the filter: among/ }).click();
    await until(() => images.state().search.response?.searched === 12);

    await page.getByRole('tab', { name: 'Map' }).click();
    images.controller.select(chosen);
    await page.getByTestId('selection').getByRole('button', { name: 'Delete' }).click();
    await until(() => images.state().images.length === 12 - chosen.length);
    images.undo();
    await until(() => images.state().images.length === 12);
  });

  test('albums, the map, duplicates', async () => {
    await showSamples();
    await page.getByRole('tab', { name: 'Albums' }).click();
    await expect.poll(() => document.querySelectorAll('[data-testid=album]').length).toBeGreaterThan(1);
    const album = page.getByTestId('album').first();
    const suggested = album.element().querySelector('h3')?.textContent ?? '';
    await album.getByRole('button', { name: `Rename “${suggested}”` }).click();
    await album.getByRole('textbox').fill('What I like');
    expect(await seriousViolations()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('heading', { name: 'What I like' })).toBeVisible();
    await page.getByRole('tab', { name: 'Map' }).click();
    await expect.element(page.getByTestId('picture-map')).toHaveAttribute('data-drawn', '12');
    await page.getByRole('tab', { name: 'Albums' }).click();
    await page.getByRole('button', { name: 'Rename “What I like”' }).click();
    await page.getByRole('textbox', { name: 'New name of “What I like”' }).fill('');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('heading', { name: suggested })).toBeVisible();
    await page.getByRole('tab', { name: 'Duplicates' }).click();
    await expect.element(page.getByRole('heading', { name: 'No duplicates' })).toBeVisible();
    expect(await seriousViolations()).toEqual([]);
  });
});
