import { describe, expect, test } from 'vitest';
import type { AppError } from '#shared/errors.ts';
import type { PageGeometry, PageRenderer } from './page-renderer.ts';

/** Where dark pixels must be, in points from the top left corner of the page as it is shown. */
interface InkBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A renderer, a document whose look is known, and files that it must refuse. */
export interface PageRendererSubject {
  readonly renderer: PageRenderer;
  readonly document: Blob;
  /** Page by page; `ink` of a page is within 5 points of this box, and absent for an empty page. */
  readonly pages: readonly { readonly geometry: PageGeometry; readonly ink?: InkBox }[];
  readonly refused: readonly {
    readonly name: string;
    readonly file: Blob;
    readonly code: AppError['code'];
  }[];
}

const CLOSE_POINTS = 5;

/** Bounding box of what is dark, in points; undefined if nothing is. */
function inkOf(canvas: HTMLCanvasElement, scale: number): InkBox | undefined {
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas');
  const { data } = context.getImageData(0, 0, width, height);
  const box = { left: width, top: height, right: -1, bottom: -1 };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if ((data[(y * width + x) * 4] ?? 255) < 128) {
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y);
      }
  if (box.right < 0) return undefined;
  return {
    left: box.left / scale,
    top: box.top / scale,
    right: box.right / scale,
    bottom: box.bottom / scale,
  };
}

function expectNear(actual: InkBox | undefined, wanted: InkBox | undefined): void {
  if (wanted === undefined) {
    expect(actual).toBeUndefined();
    return;
  }
  for (const side of ['left', 'top', 'right', 'bottom'] as const) {
    const distance = Math.abs((actual?.[side] ?? Number.NaN) - wanted[side]);
    expect(distance, `${side}: ${actual?.[side]} for ${wanted[side]}`).toBeLessThan(CLOSE_POINTS);
  }
}

/** Every adapter of the port runs this, in a browser. */
export function describePageRenderer(name: string, create: () => Promise<PageRendererSubject>): void {
  describe(`${name} as a page renderer`, () => {
    test('pages are counted and measured as they are shown', async () => {
      const { renderer, document, pages } = await create();
      const open = await renderer.open(document);
      expect(open.pageCount).toBe(pages.length);
      for (const [i, page] of pages.entries()) expect(await open.geometry(i + 1)).toEqual(page.geometry);
      await open.close();
    });

    test('a page is painted in its size, with the letters where they belong, at any scale', async () => {
      const { renderer, document: file, pages } = await create();
      const open = await renderer.open(file);
      const canvas = document.createElement('canvas');
      for (const scale of [1, 1.5])
        for (const [i, { geometry, ink }] of pages.entries()) {
          await open.render(i + 1, canvas, scale);
          expect(Math.abs(canvas.width - geometry.width * scale)).toBeLessThanOrEqual(1);
          expect(Math.abs(canvas.height - geometry.height * scale)).toBeLessThanOrEqual(1);
          expectNear(inkOf(canvas, scale), ink);
        }
      await open.close();
    });

    test('painting can be stopped and begun again', async () => {
      const { renderer, document: file, pages } = await create();
      const open = await renderer.open(file);
      const canvas = document.createElement('canvas');
      const abort = new AbortController();
      const painting = open.render(1, canvas, 1, { signal: abort.signal });
      abort.abort();
      await expect(painting).rejects.toMatchObject({ code: 'abort/by-user' });
      await open.render(1, canvas, 1);
      expectNear(inkOf(canvas, 1), pages[0]?.ink);
      await open.close();
    });

    test('two documents are open side by side, and closing one leaves the other', async () => {
      const { renderer, document: file, pages } = await create();
      const [first, second] = await Promise.all([renderer.open(file), renderer.open(file)]);
      await first.close();
      const canvas = document.createElement('canvas');
      await second.render(1, canvas, 1);
      expectNear(inkOf(canvas, 1), pages[0]?.ink);
      await second.close();
    });

    test('a page that is not there is refused', async () => {
      const { renderer, document, pages } = await create();
      const open = await renderer.open(document);
      for (const page of [0, pages.length + 1])
        await expect(open.geometry(page)).rejects.toMatchObject({ code: 'input/invalid' });
      await open.close();
    });

    test('what cannot be opened is refused with its code', async () => {
      const { renderer, refused } = await create();
      for (const { name: what, file, code } of refused)
        await expect(renderer.open(file), what).rejects.toMatchObject({ code });
    });
  });
}
