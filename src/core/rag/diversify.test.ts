import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diversify } from './diversify.ts';
import { fuse } from './fuse.ts';

const pool = [
  { id: 'a', text: 'The relief valve opens at eight bar.', score: 1 },
  { id: 'b', text: 'The relief valve opens at eight bar, always.', score: 0.95 },
  { id: 'c', text: 'Pumps need oil every month.', score: 0.6 },
  { id: 'd', text: 'Gardens want rain.', score: 0 },
];
const ids = (lambda: number, limit = 4): string[] => diversify(pool, lambda, limit).map(({ id }) => id);

test('MMR: by relevance alone at λ = 1, what says something new earlier below', () => {
  expect(ids(1)).toEqual(['a', 'b', 'c', 'd']);
  expect(ids(0.5)).toEqual(['a', 'c', 'b', 'd']);
  expect(ids(0, 2)).toEqual(['a', 'c']);
  expect(() => ids(1.5)).toThrow(/between 0 and 1/);
  expect(diversify([], 0.5, 3)).toEqual([]);
});

test('MMR leaves nothing out and takes nothing twice; the first is always the most relevant', () => {
  const passages = fc.uniqueArray(
    fc.record({ text: fc.lorem({ maxCount: 8 }), score: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { maxLength: 12, selector: ({ text }) => text },
  );
  fc.assert(
    fc.property(passages, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, lambda) => {
      const taken = diversify(list, lambda, list.length);
      expect(new Set(taken)).toEqual(new Set(list));
      expect(taken).toHaveLength(list.length);
      if (list.length > 0) expect(taken[0]?.score).toBe(Math.max(...list.map(({ score }) => score)));
    }),
  );
});

test('weights of fusion: a list of weight 0 is not there, a heavy one wins', () => {
  const dense = [1, 2].map((key) => ({ key, score: 0.5 }));
  const lexical = [3, 2].map((key) => ({ key, score: 5 }));
  const keys = (d: number, l: number) => fuse(dense, lexical, { dense: d, lexical: l }).map(({ key }) => key);
  expect(keys(1, 0)).toEqual([1, 2]);
  expect(keys(0, 1)).toEqual([3, 2]);
  expect(keys(1, 1)).toEqual([2, 1, 3]);
  expect(keys(1, 5)).toEqual([2, 3, 1]);
  expect(fuse(dense, lexical, { dense: 2, lexical: 2 })[0]?.score).toBeCloseTo(2 / 62 + 2 / 62);
  expect(() => keys(-1, 1)).toThrow(/weight/);
});
