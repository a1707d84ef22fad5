import { expect, test } from 'vitest';
import { layOutRows } from '../justified-layout.ts';
import { placeInRow, rowOf } from './grid-keys.ts';

// Three wide ones above, five narrow ones below them, two in the last row.
const rows = layOutRows([1.6, 1.6, 1.6, 1, 1, 1, 1, 1, 1, 1], { width: 1000, rowHeight: 200, gap: 0 });

test('the rows are those that the arrows are tried on', () => {
  expect(rows.map(({ cells }) => cells.map(({ index }) => index))).toEqual([
    [0, 1, 2],
    [3, 4, 5, 6, 7],
    [8, 9],
  ]);
  expect([0, 2, 3, 9].map((place) => rowOf(rows, place))).toEqual([0, 0, 1, 2]);
});

test('up and down lead to what stands there, not to the same number', () => {
  expect(placeInRow(rows, 0, 1)).toBe(3);
  expect(placeInRow(rows, 1, 1)).toBe(5);
  expect(placeInRow(rows, 2, 1)).toBe(7);
  expect(placeInRow(rows, 7, 1)).toBe(9);
  expect(placeInRow(rows, 9, -1)).toBe(4);
});

test('beyond the first and the last row it stays', () => {
  expect(placeInRow(rows, 1, -1)).toBe(1);
  expect(placeInRow(rows, 9, 5)).toBe(9);
  expect(placeInRow(rows, 42, 1)).toBe(42);
});
