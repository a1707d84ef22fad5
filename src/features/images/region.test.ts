import { expect, test } from 'vitest';
import { regionBetween } from './region.ts';

test('a rectangle may be drawn from any corner', () => {
  const region = { x: 0.25, y: 0.5, width: 0.5, height: 0.25 };
  for (const [from, to] of [
    [
      [0.25, 0.5],
      [0.75, 0.75],
    ],
    [
      [0.75, 0.75],
      [0.25, 0.5],
    ],
    [
      [0.25, 0.75],
      [0.75, 0.5],
    ],
  ] as const)
    expect(regionBetween(from, to)).toEqual(region);
});

test('it ends at the edges of the picture', () => {
  expect(regionBetween([0.5, 0.5], [2, -1])).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.5 });
});

test('a click, or a line, is no part', () => {
  expect(regionBetween([0.5, 0.5], [0.51, 0.51])).toBeUndefined();
  expect(regionBetween([0.1, 0.5], [0.9, 0.51])).toBeUndefined();
  expect(regionBetween([1.2, 0.2], [1.9, 0.9])).toBeUndefined();
});
