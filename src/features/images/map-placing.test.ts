import { expect, test } from 'vitest';
import { insideLasso, neighbourOnMap, pictureAt, spotOf, thumbnailSide } from './map-placing.ts';

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

test('a line that is drawn around pictures takes those whose middle is inside', () => {
  const around = (x: number, y: number, by: number) => [
    { x: x - by, y: y - by },
    { x: x + by, y: y - by },
    { x: x + by, y: y + by },
    { x: x - by, y: y + by },
  ];
  expect(insideLasso(map, around(60, 250, 20), 1000, 500)).toEqual([0]);
  expect(insideLasso(map, around(500, 140, 150), 1000, 500)).toEqual([2, 3]);
  expect(insideLasso(map, around(300, 300, 20), 1000, 500)).toEqual([]);
  // A bow: what lies in its opening is not inside.
  const bow = [
    { x: 0, y: 0 },
    { x: 1000, y: 0 },
    { x: 1000, y: 500 },
    { x: 900, y: 500 },
    { x: 900, y: 100 },
    { x: 0, y: 100 },
  ];
  expect(insideLasso(map, bow, 1000, 500)).toEqual([1, 2]);
  expect(insideLasso(map, [], 1000, 500)).toEqual([]);
});

test('an arrow key leads to the next picture on its side, if there is one', () => {
  const go = (from: number, key: string) => neighbourOnMap(map, from, key, 1000, 500);
  expect(go(3, 'ArrowLeft')).toBe(0);
  expect(go(3, 'ArrowRight')).toBe(1);
  expect(go(3, 'ArrowUp')).toBe(2);
  expect(go(3, 'ArrowDown')).toBeUndefined();
  expect(go(0, 'ArrowRight')).toBe(3);
  expect(go(0, 'Enter')).toBeUndefined();
});
