import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factsOf } from './exif-facts.ts';
import { keepShare, middleOf, regionOf, scaledSize, sizeWithin } from './geometry.ts';

const side = fc.integer({ min: 1, max: 30_000 });
const cover = { width: 224, height: 224, resize: 224, fit: 'cover' } as const;

describe('geometry', () => {
  test('the shorter side gets the model’s size, rounded as the library rounds', () => {
    expect(scaledSize({ width: 4000, height: 3000 }, cover)).toEqual({ width: 298, height: 224 });
    expect(scaledSize({ width: 300, height: 301 }, cover)).toEqual({ width: 224, height: 224 });
    expect(scaledSize({ width: 10, height: 999 }, { ...cover, fit: 'stretch' })).toEqual({
      width: 224,
      height: 224,
    });
  });

  test('whatever the picture, the scaled one holds the middle, and a canvas holds it', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const scaled = scaledSize(middleOf({ x: 0, y: 0, width, height }), cover);
        expect(Math.min(scaled.width, scaled.height)).toBe(224);
        expect(Math.max(scaled.width, scaled.height)).toBeLessThanOrEqual(224 * 8);
      }),
    );
  });

  test('a region lies inside the picture and has at least a pixel', () => {
    const share = fc.double({ min: -0.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(side, side, share, share, share, share, (width, height, x, y, w, h) => {
        const part = regionOf({ width, height }, { x, y, width: w, height: h });
        expect(Math.min(part.x, part.y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(part.width, part.height)).toBeGreaterThanOrEqual(1);
        expect(part.x + part.width).toBeLessThanOrEqual(width);
        expect(part.y + part.height).toBeLessThanOrEqual(height);
      }),
    );
    expect(regionOf({ width: 400, height: 200 }, { x: 0.25, y: 0.5, width: 0.5, height: 0.5 })).toEqual({
      x: 100,
      y: 100,
      width: 200,
      height: 100,
    });
  });

  test('a large picture is brought down, but not below what the model, a region and the thumbnail need', () => {
    const photo = { width: 4000, height: 3000 };
    expect(keepShare(photo, { input: cover })).toBeCloseTo(896 / 3000);
    expect(keepShare(photo, { input: cover, thumbnailSize: 1000 })).toBe(0.5);
    expect(keepShare(photo, { input: cover, region: { x: 0, y: 0, width: 0.5, height: 0.5 } })).toBeCloseTo(
      896 / 1500,
    );
    expect(keepShare({ width: 300, height: 200 }, { input: cover })).toBe(1);
  });

  test('a thumbnail keeps the shape and never grows', () => {
    expect(sizeWithin({ width: 4000, height: 3000 }, 320)).toEqual({ width: 320, height: 240 });
    expect(sizeWithin({ width: 20, height: 10 }, 320)).toEqual({ width: 20, height: 10 });
    expect(sizeWithin({ width: 30_000, height: 2 }, 320)).toEqual({ width: 320, height: 1 });
  });
});

describe('what the camera wrote', () => {
  test('time with and without a zone, make and model once, place', () => {
    expect(
      factsOf({
        Make: 'Canon',
        Model: 'Canon EOS 90D\0',
        DateTimeOriginal: '2024:05:01 12:34:56',
        OffsetTimeOriginal: '+02:00',
        latitude: 48.2,
        longitude: -16.37,
      }),
    ).toEqual({
      takenAt: Date.UTC(2024, 4, 1, 10, 34, 56),
      camera: 'Canon EOS 90D',
      place: { latitude: 48.2, longitude: -16.37 },
    });
    expect(factsOf({ Make: 'Apple', Model: 'iPhone 15', CreateDate: '2024:05:01 12:34:56' })).toEqual({
      takenAt: Date.UTC(2024, 4, 1, 12, 34, 56),
      camera: 'Apple iPhone 15',
    });
  });

  test.each([
    { DateTimeOriginal: '0000:00:00 00:00:00' },
    { DateTimeOriginal: '2024:02:31 00:00:00' },
    { DateTimeOriginal: '    :  :     :  :  ' },
    { latitude: 0, longitude: 0 },
    { latitude: 91, longitude: 0 },
    { latitude: Number.NaN, longitude: 3 },
    { Make: '\0\0\0', Model: ' ' },
  ])('nonsense is left out: %j', (tags) => {
    expect(factsOf(tags)).toEqual({});
  });
});
