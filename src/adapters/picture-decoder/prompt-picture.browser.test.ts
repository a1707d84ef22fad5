import { describe, expect, test } from 'vitest';
import { MOST_PROMPT_SIDE } from '#core/ports/prompt-pictures.ts';
import { sha256Of } from '../hash-stream/index.ts';
import { createPageSvgRasterizer } from '../svg-rasterizer-page/index.ts';
import { AVIF_TURNED, avif } from './avif.test-support.ts';
import { withExif } from './exif.test-support.ts';
import { createPromptPictures } from './index.ts';
import { bmpScene, gifScene, painted, pngHeader, scene } from './pictures.test-support.ts';

const pictures = createPromptPictures({ rasterizer: createPageSvgRasterizer(), sha256: sha256Of });
const prepare = (file: Blob) => pictures.prepare({ file, name: 'invoice' });

async function pixelsOf(blob: Blob) {
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return (x: number, y: number) => [
    ...(context?.getImageData(bitmap.width * x, bitmap.height * y, 1, 1).data ?? []),
  ];
}

describe('pictures for a chat model', () => {
  test.each([
    ['a PNG', () => scene(120, 60, 'image/png'), 'image/png'],
    ['a GIF', async () => gifScene(120, 60, 3), 'image/png'],
    ['a BMP', async () => bmpScene(120, 60), 'image/png'],
    ['a JPEG', () => scene(120, 60, 'image/jpeg'), 'image/jpeg'],
    ['a WebP without loss', () => scene(120, 60, 'image/webp'), 'image/png'],
  ])('%s keeps its size and what it shows', async (_name, make, mediaType) => {
    const picture = await prepare(await make());
    expect(picture).toMatchObject({ mediaType, width: 120, height: 60, blob: { type: mediaType } });
    expect(picture.sha256).toBe(await sha256Of(picture.blob));
    const at = await pixelsOf(picture.blob);
    expect(at(0.25, 0.5)[0]).toBeGreaterThan(240);
    expect(at(0.75, 0.5)[2]).toBeGreaterThan(240);
  });

  test('a drawing is painted large enough to be read, on white', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><rect width="30" height="30" fill="red"/></svg>';
    const picture = await prepare(new Blob([svg]));
    expect(picture).toMatchObject({ mediaType: 'image/png', width: 1536, height: 768 });
    const at = await pixelsOf(picture.blob);
    expect([at(0.25, 0.5), at(0.75, 0.5)]).toEqual([
      [255, 0, 0, 255],
      [255, 255, 255, 255],
    ]);
  });

  test('what is transparent is white', async () => {
    const glass = await painted(20, 10, 'image/png', (context) => context.clearRect(0, 0, 20, 10));
    expect((await pixelsOf((await prepare(glass)).blob))(0.5, 0.5)).toEqual([255, 255, 255, 255]);
  });

  test.each([
    [400, 100],
    [4000, 1000],
    [100, 4000],
    [7000, 3600],
  ])('a photo of %i × %i on its side is stood up, in bytes that need no turning', async (width, height) => {
    const photo = await withExif(await scene(width, height, 'image/jpeg'), { orientation: 6 });
    const picture = await prepare(photo);
    const scale = Math.min(1, MOST_PROMPT_SIDE / Math.max(width, height));
    expect([picture.width, picture.height]).toEqual([Math.round(height * scale), Math.round(width * scale)]);
    const at = await pixelsOf(picture.blob);
    expect(at(0.5, 0.1)[0]).toBeGreaterThan(220);
    expect(at(0.5, 0.9)[2]).toBeGreaterThan(220);
    // Where it was taken does not travel with it.
    expect(await picture.blob.slice(0, 2000).text()).not.toContain('Exif');
  });

  test('an AVIF that its container turns is upright', async () => {
    expect(await prepare(avif(AVIF_TURNED))).toMatchObject({
      mediaType: 'image/jpeg',
      width: 60,
      height: 120,
    });
  });

  test('the same file gives the same bytes', async () => {
    const file = await scene(300, 200, 'image/jpeg');
    expect((await prepare(file)).sha256).toBe((await prepare(file)).sha256);
  });

  test('thin lines of a large screenshot stay dark on light', async () => {
    const page = await painted(3000, 2000, 'image/png', (context) => {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 3000, 2000);
      context.fillStyle = '#000';
      for (let x = 0; x < 3000; x += 20) context.fillRect(x, 0, 4, 2000);
    });
    const picture = await prepare(page);
    expect([picture.width, picture.height]).toEqual([1536, 1024]);
    const at = await pixelsOf(picture.blob);
    const row = Array.from({ length: 1536 }, (_, x) => at(x / 1536, 0.5)[0] ?? 0);
    expect(Math.min(...row)).toBeLessThan(40);
    expect(Math.max(...row)).toBeGreaterThan(240);
  });

  test.each([
    ['nothing', async () => new Blob([]), 'input/invalid'],
    ['text', async () => new Blob(['no picture']), 'input/unsupported'],
    ['half a PNG', async () => (await scene(400, 300, 'image/png')).slice(0, 300), 'input/invalid'],
    ['a bomb', async () => pngHeader(20_000, 20_000), 'input/too-large'],
  ])('%s is refused by name', async (_what, make, code) => {
    await expect(prepare(await make())).rejects.toMatchObject({
      code,
      message: expect.stringContaining('“invoice”'),
    });
    // The next one finds its turn.
    expect(await prepare(await scene(20, 10, 'image/png'))).toMatchObject({ width: 20 });
  });
});
