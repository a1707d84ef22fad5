import { expect, test } from 'vitest';
import { pictureAt, spotOf, thumbnailSide } from './map-placing.ts';

const map = {
  imageIds: ['left', 'right', 'top', 'middle'],
  points: new Float32Array([-1, 0, 1, 0, 0, 1, 0, 0]),
};

test('the plane keeps a margin, and up is up', () => {
  expect(spotOf(map, 0, 1000, 500)).toEqual({ x: 60, y: 250 });
  expect(spotOf(map, 1, 1000, 500)).toEqual({ x: 940, y: 250 });
  expect(spotOf(map, 2, 1000, 500).y).toBeCloseTo(30);
});

test('what is under the pointer is the nearest picture that covers it, or none', () => {
  expect(pictureAt(map, { x: 70, y: 260 }, 40, 1000, 500)).toBe(0);
  expect(pictureAt(map, { x: 90, y: 250 }, 40, 1000, 500)).toBeUndefined();
  expect(pictureAt(map, { x: 500, y: 150 }, 400, 1000, 500)).toBe(3);
  expect(pictureAt(map, { x: 500, y: 120 }, 400, 1000, 500)).toBe(2);
});

test('few pictures are drawn large, many small', () => {
  expect(thumbnailSide(3, 1000, 800)).toBe(72);
  expect(thumbnailSide(400, 1000, 800)).toBe(25);
  expect(thumbnailSide(1_000_000, 1000, 800)).toBe(10);
});
