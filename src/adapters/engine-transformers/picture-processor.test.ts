import { describe, expect, test } from 'vitest';
import { openPictureProcessor, toPixelValues } from './picture-processor.ts';

const open = (config: object) => openPictureProcessor(new Blob([JSON.stringify(config)]), 'Model');
const crop = { do_center_crop: true, crop_size: { width: 224, height: 224 } };

describe('how a model wants its pictures', () => {
  test('CLIP: the shorter side, then the middle', async () => {
    const { input } = await open({ size: { shortest_edge: 224 }, ...crop });
    expect(input).toEqual({ width: 224, height: 224, resize: 224, fit: 'cover' });
    expect((await open({ size: 256, do_center_crop: true, crop_size: 224 })).input).toEqual({
      width: 224,
      height: 224,
      resize: 256,
      fit: 'cover',
    });
  });

  test('SigLIP: both sides', async () => {
    const { input } = await open({ size: { height: 224, width: 224 }, resample: 2 });
    expect(input).toEqual({ width: 224, height: 224, resize: 224, fit: 'stretch' });
  });

  test.each([
    [{}, 'model/integrity'],
    [{ size: { shortest_edge: -1 } }, 'model/integrity'],
    [{ size: { shortest_edge: 224 } }, 'input/unsupported'],
    [{ size: { height: 224, width: 448 } }, 'input/unsupported'],
  ])('%j is refused', async (config, code) => {
    await expect(open(config)).rejects.toMatchObject({ code });
  });
});

describe('bytes to values', () => {
  const size = { height: 2, width: 2 };
  const bytes = Uint8Array.of(0, 51, 255, 0, 51, 255, 0, 51, 255, 255, 255, 255);

  test('channel after channel, scaled and normalised', async () => {
    const norm = { do_normalize: true, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.25] };
    const values = toPixelValues(await open({ size, ...norm }), bytes, 1);
    const expected = [-1, -1, -1, 1, -0.6, -0.6, -0.6, 1, 2, 2, 2, 2];
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5);
  });

  test('a model that does not normalise gets shares of one; one that does not scale, bytes', async () => {
    const shares = toPixelValues(await open({ size, image_mean: [9, 9, 9] }), bytes, 1);
    expect(shares[4]).toBeCloseTo(0.2, 5);
    expect(toPixelValues(await open({ size, do_rescale: false }), bytes, 1)[8]).toBe(255);
  });
});
