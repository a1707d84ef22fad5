import { expect, test } from 'vitest';
import { filmParts, partAt, timeInWords } from './film-times.ts';

test('times are written as players write them', () => {
  expect([0, 4.9, 60, 3723, -1].map(timeInWords)).toEqual(['0:00', '0:04', '1:00', '1:02:03', '0:00']);
});

test('parts go from one frame to the next, the last to the end; the best stands highest', () => {
  const found = [
    { seconds: 0, score: 0.2 },
    { seconds: 2, score: 0.3 },
    { seconds: 5, score: 0.25 },
  ];
  const parts = filmParts([0, 2, 5], 6, found);
  expect(parts.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [2, 5],
    [5, 6],
  ]);
  expect(parts.map(({ height }) => height)).toEqual([0.1, 1, expect.closeTo(0.55)]);
  expect([0, 1.9, 2, 4.999, 5, 99].map((seconds) => partAt(parts, seconds))).toEqual([0, 0, 1, 2, 2, 2]);
});

test('where nothing is searched for, parts have no score; one part alone is the best', () => {
  expect(filmParts([0, 3], 4)).toEqual([
    { from: 0, to: 3, height: 0.1 },
    { from: 3, to: 4, height: 0.1 },
  ]);
  expect(filmParts([0], 4, [{ seconds: 0, score: -0.1 }])[0]?.height).toBe(1);
  expect(filmParts([], 4)).toEqual([]);
});
