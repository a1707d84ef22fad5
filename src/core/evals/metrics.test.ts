import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measure, ndcgAt, recallAt, reciprocalRankAt } from './metrics.ts';

const grades = (entries: Readonly<Record<string, number>>) => new Map(Object.entries(entries));
const graded = grades({ a: 3, b: 2, c: 3, d: 0, e: 1, f: 2, g: 3, h: 2, z: -1 });
const ranking = ['a', 'b', 'c', 'd', 'e', 'f', 'u', 'z'];

test('by hand: gains are the grades, discounted by log2(rank + 1)', () => {
  const two = grades({ x: 2, y: 1 });
  const gained = 1 / Math.log2(2) + 2 / Math.log2(4);
  const ideal = 2 / Math.log2(2) + 1 / Math.log2(3);
  expect(ndcgAt(10, ['y', 'other', 'x'], two)).toBeCloseTo(gained / ideal, 12);
  expect(ndcgAt(10, ['x', 'y'], two)).toBe(1);
  expect(ndcgAt(1, ['y'], two)).toBeCloseTo(1 / 2, 12);
  expect(ndcgAt(10, ['x'], grades({ x: 0 }))).toBe(0);
});

test('the same as pytrec_eval 0.5 says of the same ranking', () => {
  expect(ndcgAt(5, ranking, graded)).toBeCloseTo(0.76592286264237, 12);
  expect(ndcgAt(10, ranking, graded)).toBeCloseTo(0.7561640298168337, 12);
  expect(recallAt(5, ranking, graded)).toBeCloseTo(0.5714285714285714, 12);
  expect(recallAt(10, ranking, graded)).toBeCloseTo(0.7142857142857143, 12);
  const late = [...Array.from({ length: 10 }, (_, i) => `n${i}`), 'y'];
  expect(ndcgAt(100, late, grades({ x: 1, y: 1 }))).toBeCloseTo(0.1710330840677181, 12);
  expect(reciprocalRankAt(100, late, grades({ x: 1, y: 1 }))).toBeCloseTo(0.09090909090909091, 12);
});

test('what lies beyond the cut does not count', () => {
  const late = [...Array.from({ length: 10 }, (_, i) => `n${i}`), 'y'];
  expect(measure(late, grades({ x: 1, y: 1 }))).toEqual({ ndcg10: 0, recall10: 0, recall100: 0.5, mrr10: 0 });
});

const anyGrades = fc
  .dictionary(fc.stringMatching(/^[a-h]$/), fc.integer({ min: -1, max: 3 }))
  .map((entries) => grades(entries));
const anyRanking = fc.uniqueArray(fc.stringMatching(/^[a-p]$/));

test('every metric lies between 0 and 1, and the ideal order is worth 1', () => {
  fc.assert(
    fc.property(anyGrades, anyRanking, (judged, list) => {
      for (const value of Object.values(measure(list, judged))) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }
      const ideal = [...judged].sort((a, b) => b[1] - a[1]).map(([id]) => id);
      if ([...judged.values()].some((grade) => grade > 0))
        expect(ndcgAt(10, ideal, judged)).toBeCloseTo(1, 12);
    }),
  );
});

test('a swap that brings the better document forward never lowers nDCG', () => {
  fc.assert(
    fc.property(anyGrades, anyRanking, fc.nat(), (judged, list, seed) => {
      if (list.length < 2) return;
      const at = seed % (list.length - 1);
      const [first = '', second = ''] = [list[at], list[at + 1]];
      const gain = (id: string): number => Math.max(0, judged.get(id) ?? 0);
      const [high, low] = gain(first) >= gain(second) ? [first, second] : [second, first];
      const better = list.with(at, high).with(at + 1, low);
      const worse = list.with(at, low).with(at + 1, high);
      expect(ndcgAt(10, better, judged)).toBeGreaterThanOrEqual(ndcgAt(10, worse, judged) - 1e-12);
    }),
  );
});
