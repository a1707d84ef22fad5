import { expect, test } from 'vitest';
import encryptedUrl from '../../../e2e/fixtures/documents/encrypted.pdf?url';
import { textAt, writePdf } from '../../../scripts/pdf-writer.mjs';
import { createPdfPageRenderer } from './index.ts';

const renderer = createPdfPageRenderer();

/** Bounding box of what is dark, in points. */
function inkOf(
  canvas: HTMLCanvasElement,
  scale: number,
): { left: number; top: number; right: number; bottom: number } {
  const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if ((data[(y * width + x) * 4] ?? 255) < 128) {
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y);
      }
  return {
    left: box.left / scale,
    top: box.top / scale,
    right: box.right / scale,
    bottom: box.bottom / scale,
  };
}

test('paints a page in its size, with the letters where they belong', async () => {
  const pages = await renderer.open(
    new Blob([
      writePdf({ pages: [{ content: textAt(72, 100, 20, 'Hello there') }, { rotate: 90, content: '' }] }),
    ]),
  );
  expect(pages.pageCount).toBe(2);
  expect(await pages.geometry(1)).toEqual({ width: 595, height: 842, rotation: 0 });
  expect(await pages.geometry(2)).toEqual({ width: 842, height: 595, rotation: 90 });
  const canvas = document.createElement('canvas');
  await pages.render(1, canvas, 1.5);
  expect([canvas.width, canvas.height]).toEqual([893, 1263]);
  const ink = inkOf(canvas, 1.5);
  expect(ink.left).toBeGreaterThan(70);
  expect(ink.left).toBeLessThan(77);
  expect(ink.top).toBeGreaterThan(82);
  expect(ink.bottom).toBeLessThan(102);
  expect(ink.right).toBeGreaterThan(160);
  await pages.close();
});

test('painting can be stopped and begun again', async () => {
  const pages = await renderer.open(
    new Blob([writePdf({ pages: [{ content: textAt(72, 100, 20, 'Hello') }] })]),
  );
  const canvas = document.createElement('canvas');
  const abort = new AbortController();
  const painting = pages.render(1, canvas, 1, { signal: abort.signal });
  abort.abort();
  await expect(painting).rejects.toMatchObject({ code: 'abort/by-user' });
  await pages.render(1, canvas, 1);
  expect(inkOf(canvas, 1).left).toBeGreaterThan(70);
  await pages.close();
});

test('a locked and a broken document are refused with their code', async () => {
  const locked = await (await fetch(encryptedUrl)).blob();
  await expect(renderer.open(locked)).rejects.toMatchObject({ code: 'input/password-protected' });
  await expect(renderer.open(new Blob(['nothing']))).rejects.toMatchObject({ code: 'input/invalid' });
});
