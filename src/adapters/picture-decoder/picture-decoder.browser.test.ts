import { afterAll, describe, expect, test } from 'vitest';
import { svgRasterizerContract } from '#contracts/svg-rasterizer.ts';
import { describePictureDecoder } from '#core/ports/picture-decoder.conformance.ts';
import type { PictureDecoder } from '#core/ports/picture-decoder.ts';
import { connect } from '#rpc/connect.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { transfer } from '#rpc/transfer.ts';
import { createPageSvgRasterizer } from '../svg-rasterizer-page/index.ts';
import { AVIF_FILM, AVIF_SCENE, AVIF_TURNED, avif } from './avif.test-support.ts';
import { tiffOf, withExif } from './exif.test-support.ts';
import { createPictureDecoder } from './index.ts';
import { bmpScene, gifScene, painted, pngHeader, scene, webpAnimation } from './pictures.test-support.ts';
import { sniffPicture } from './sniff.ts';

const input = { width: 32, height: 32, resize: 32, fit: 'cover' } as const;
const SVG_SCENE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 6" width="120">
  <rect width="6" height="6" fill="red"/><rect x="6" width="6" height="6" fill="#00f"/></svg>`;

/** As in the product: the decoder in a worker, the page paints drawings. */
function workerDecoder() {
  const worker = new Worker(new URL('./decode.test-worker.ts', import.meta.url), { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  const page = createPageSvgRasterizer();
  serve(
    svgRasterizerContract,
    {
      async rasterize(request, { signal }) {
        const drawn = await page.rasterize(request, { signal });
        return transfer(drawn, [drawn.bitmap]);
      },
    },
    port1 as unknown as Port<ToClient, ToServer>,
  );
  port1.start();
  worker.postMessage(port2, [port2]);
  const contract = { decode: 'unary' } as const;
  const { client } = connect<Pick<PictureDecoder, 'decode'>>(
    contract,
    worker as unknown as Port<ToServer, ToClient>,
  );
  return { decoder: { ...client, sniff: sniffPicture }, dispose: () => worker.terminate() };
}

describePictureDecoder('picture-decoder in a worker', async () => {
  const jpeg = await scene(120, 60, 'image/jpeg');
  const png = await scene(120, 60, 'image/png');
  const webp = await scene(120, 60, 'image/webp');
  return {
    ...workerDecoder(),
    scenes: [
      { name: 'JPEG', mediaType: 'image/jpeg', file: jpeg },
      { name: 'PNG', mediaType: 'image/png', file: png },
      { name: 'WebP', mediaType: 'image/webp', file: webp },
      { name: 'AVIF', mediaType: 'image/avif', file: avif(AVIF_SCENE) },
      { name: 'GIF', mediaType: 'image/gif', file: gifScene(120, 60, 1) },
      { name: 'BMP', mediaType: 'image/bmp', file: bmpScene(120, 60) },
      { name: 'SVG', mediaType: 'image/svg+xml', file: new Blob([SVG_SCENE]) },
      {
        name: 'a wrong extension',
        mediaType: 'image/png',
        file: new File([png], 'a.jpg', { type: 'image/jpeg' }),
      },
    ],
    refused: [
      { name: 'empty', file: new Blob([]), code: 'input/invalid' },
      { name: 'text', file: new Blob(['no picture at all']), code: 'input/unsupported' },
      { name: 'a JPEG cut off', file: jpeg.slice(0, jpeg.size * 0.6), code: 'input/invalid' },
      { name: 'a JPEG of its head', file: jpeg.slice(0, 20), code: 'input/invalid' },
      { name: 'a PNG cut off', file: png.slice(0, png.size * 0.6), code: 'input/invalid' },
      { name: 'a WebP cut off', file: webp.slice(0, webp.size * 0.6), code: 'input/invalid' },
      { name: 'a PNG of nothing', file: pngHeader(100, 100), code: 'input/invalid' },
      { name: '20,000 squared', file: pngHeader(20_000, 20_000), code: 'input/too-large' },
      { name: 'wider than all', file: pngHeader(2 ** 31, 2 ** 31), code: 'input/too-large' },
      { name: 'half a drawing', file: new Blob([SVG_SCENE.slice(0, 90)]), code: 'input/invalid' },
    ],
  };
});

describe('the picture decoder', () => {
  const { decoder, dispose } = workerDecoder();
  afterAll(dispose);
  const decode = (file: Blob, more = {}) => decoder.decode({ file, name: 'picture', input, ...more });
  const at = (pixels: Uint8Array, x: number, y: number) => [
    ...pixels.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3),
  ];

  test('without a page drawings are refused in words', async () => {
    const alone = createPictureDecoder();
    await expect(alone.decode({ file: new Blob([SVG_SCENE]), name: 'drawing', input })).rejects.toMatchObject(
      { code: 'input/unsupported', message: expect.stringContaining('drawing') },
    );
  });

  test('a HEIC photo is refused in words where the browser has none', async () => {
    const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
    const box = (name: string, data: number[]) => [0, 0, 0, data.length + 8, ...ascii(name), ...data];
    const extent = box('ispe', [0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 32]);
    const bytes = [
      ...box('ftyp', [...ascii('heic'), 0, 0, 0, 0]),
      ...box('meta', [0, 0, 0, 0, ...box('iprp', box('ipco', extent))]),
    ];
    await expect(decode(new Blob([Uint8Array.from(bytes)]))).rejects.toMatchObject({
      code: 'input/unsupported',
      message: expect.stringContaining('HEIC'),
    });
  });

  test.each([
    [120, 60],
    [3000, 1500],
  ])('a photo of %i × %i that lies on its side is stood up, whatever its size', async (width, height) => {
    const upright = await scene(width, height, 'image/jpeg');
    const photo = await withExif(upright, { orientation: 6 });
    const picture = await decode(photo, { thumbnailSize: 100 });
    expect([picture.width, picture.height]).toEqual([height, width]);
    // Turned clockwise: what was left is above.
    expect(at(picture.pixels, 16, 2)[0]).toBeGreaterThan(220);
    expect(at(picture.pixels, 16, 29)[2]).toBeGreaterThan(220);
    const thumbnail = await createImageBitmap(picture.thumbnail as Blob);
    expect([thumbnail.width, thumbnail.height]).toEqual([50, 100]);
    const above = await decode(photo, { region: { x: 0, y: 0, width: 1, height: 0.4 } });
    expect(at(above.pixels, 16, 30)[0]).toBeGreaterThan(220);
  });

  test('an AVIF that its container turns lies as it is shown', async () => {
    const picture = await decode(avif(AVIF_TURNED));
    expect([picture.width, picture.height]).toEqual([60, 120]);
    expect(at(picture.pixels, 16, 29)[0]).toBeGreaterThan(220);
    expect(at(picture.pixels, 16, 2)[2]).toBeGreaterThan(220);
  });

  const facts = {
    make: 'Canon',
    model: 'Canon EOS 90D',
    dateTimeOriginal: '2024:05:01 12:34:56',
    offset: '+02:00',
    latitude: [48, 12, 30, 'N'],
    longitude: [16, 22, 12, 'W'],
  } as const;
  const known = {
    takenAt: Date.UTC(2024, 4, 1, 10, 34, 56),
    camera: 'Canon EOS 90D',
    place: { latitude: expect.closeTo(48.2083, 3), longitude: expect.closeTo(-16.37, 3) },
  };

  test('date, camera and place of a JPEG are kept', async () => {
    const photo = await withExif(await scene(120, 60, 'image/jpeg'), facts);
    expect(await decode(photo)).toMatchObject({ width: 120, ...known });
  });

  test('and of a WebP', async () => {
    const still = await scene(120, 60, 'image/webp');
    expect(await decode(await webpAnimation(still, 120, 60, 1, tiffOf(facts)))).toMatchObject(known);
  });

  test('a photo whose EXIF is rubbish is a photo without', async () => {
    const photo = await withExif(await scene(120, 60, 'image/jpeg'), {
      ...facts,
      dateTimeOriginal: 'yesterday',
    });
    const bytes = new Uint8Array(await photo.arrayBuffer());
    bytes.fill(0xee, 30, 400);
    const picture = await decode(new Blob([bytes]));
    expect(picture).toMatchObject({ width: 120, height: 60 });
    expect(picture.takenAt).toBeUndefined();
  });

  test('of a film the first frame is taken, however many follow', async () => {
    const still = await scene(120, 60, 'image/webp');
    const bomb = await webpAnimation(still, 120, 60, 20_000);
    for (const file of [bomb, gifScene(120, 60, 3), avif(AVIF_FILM)]) {
      const picture = await decode(file);
      expect(picture).toMatchObject({ width: 120, height: 60, isAnimated: true });
      expect(at(picture.pixels, 3, 16)[0]).toBeGreaterThan(220);
      expect(at(picture.pixels, 28, 16)[2]).toBeGreaterThan(220);
    }
  });

  test('what is transparent is white', async () => {
    const file = await painted(64, 64, 'image/png', (context) => context.fillRect(0, 0, 32, 64));
    const { pixels, luminances, thumbnail } = await decode(file, { thumbnailSize: 64 });
    expect([at(pixels, 4, 4), at(pixels, 28, 4)]).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
    expect([luminances[0], luminances[8]]).toEqual([0, 255]);
    expect(thumbnail?.size).toBeGreaterThan(0);
  });

  test('strips and single pixels are decoded too', async () => {
    for (const [width, height] of [
      [1, 1],
      [9000, 3],
      [2, 9000],
    ] as const) {
      const picture = await decode(await scene(width, height, 'image/png'), { thumbnailSize: 64 });
      expect(picture).toMatchObject({ width, height });
      expect(picture.pixels).toHaveLength(32 * 32 * 3);
    }
  });

  test('a photo of twelve megapixels among small ones', async () => {
    const photo = await scene(4000, 3000, 'image/jpeg');
    const [large, again, small] = await Promise.all([
      decode(photo, { thumbnailSize: 320 }),
      decode(photo),
      decode(await scene(120, 60, 'image/png')),
    ]);
    expect([large.width, again.height, small.width]).toEqual([4000, 3000, 120]);
    expect((await createImageBitmap(large.thumbnail as Blob)).width).toBe(320);
  });
});
