import { beforeEach, describe, expect, test } from 'vitest';
import type { LexicalIndex } from './lexical-index.ts';

const PASSAGES = [
  { key: 1, heading: 'Set pressure', text: 'The RV-12 opens at 8.4 bar. Never raise it above 8.9 bar.' },
  { key: 2, heading: 'Flow', text: 'At full lift the valve passes 310 litres a minute.' },
  {
    key: 3,
    heading: 'Sowing',
    text: 'Broad beans are sown late in October, carrots in the middle of March.',
  },
  { key: 4, heading: 'Café', text: 'The café serves crème brûlée and naïve résumés.' },
  { key: 5, heading: 'History', text: 'The pumping station was built by the Tarn Foundry in 1911.' },
  {
    key: 6,
    heading: 'Spare parts',
    text: 'Pumps and pumping parts are ordered in pairs; a pump is never ordered alone.',
  },
];

/** What every LexicalIndex promises. */
export function describeLexicalIndex(name: string, make: () => LexicalIndex): void {
  describe(`${name} is a LexicalIndex`, () => {
    let index: LexicalIndex;
    beforeEach(() => {
      index = make();
      index.add(PASSAGES);
    });
    const keys = (query: string, limit = 10): number[] => index.search(query, limit).map(({ key }) => key);

    test('finds by words, in whatever form they are written', () => {
      expect(keys('litres per minute')[0]).toBe(2);
      expect(keys('opening pressure')[0]).toBe(1);
      expect(keys('CARROT')[0]).toBe(3);
      expect(keys('cafe creme brulee')[0]).toBe(4);
      expect(keys('ordering a pump')[0]).toBe(6);
    });

    test('numbers and type numbers are words', () => {
      expect(keys('8.4')[0]).toBe(1);
      expect(keys('1911')[0]).toBe(5);
      expect(keys('RV-12')[0]).toBe(1);
    });

    test('a word of the heading counts, and a slip of the keyboard is forgiven', () => {
      expect(keys('history')[0]).toBe(5);
      expect(keys('foundary')[0]).toBe(5);
    });

    test('a word of nobody finds nothing; function words alone find nothing', () => {
      expect(keys('xylophone')).toEqual([]);
      expect(keys('what is the of and')).toEqual([]);
      expect(keys('')).toEqual([]);
      expect(keys('   ?! ')).toEqual([]);
    });

    test('scores fall, equal ones come by key, the limit holds, the filter is inside', () => {
      index.add([30, 20, 10].map((key) => ({ key, heading: '', text: 'identical turnips' })));
      const hits = index.search('turnips', 10);
      expect(hits.map(({ key }) => key)).toEqual([10, 20, 30]);
      const scores = index.search('pump parts valve', 10).map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(keys('turnips', 2)).toEqual([10, 20]);
      expect(index.search('turnips', 1, new Set([20, 30])).map(({ key }) => key)).toEqual([20]);
    });

    test('a filter that was given before sees what came and went since', () => {
      const filter = new Set([1, 40]);
      const before = index.search('turnips', 10, filter);
      expect(before).toEqual([]);
      index.add([{ key: 40, heading: '', text: 'turnips again' }]);
      expect(index.search('turnips', 10, filter).map(({ key }) => key)).toEqual([40]);
      index.remove([40]);
      expect(index.search('turnips', 10, filter)).toEqual([]);
    });

    test('what was removed is not found; a key that is added again is replaced', () => {
      index.remove([2, 999]);
      expect(keys('litres')).toEqual([]);
      expect(index.size).toBe(PASSAGES.length - 1);
      index.add([{ key: 3, heading: '', text: 'Nothing but rhubarb.' }]);
      expect(index.size).toBe(PASSAGES.length - 1);
      expect(keys('carrots')).toEqual([]);
      expect(keys('rhubarb')).toEqual([3]);
      index.add([{ key: 2, heading: '', text: 'It is back: litres.' }]);
      expect(keys('litres')).toEqual([2]);
    });

    test('the same contents in another order give the same hits', () => {
      const other = make();
      other.add([...PASSAGES].reverse());
      for (const query of ['pump', 'valve minute', 'ordered bar october'])
        expect(other.search(query, 10)).toEqual(index.search(query, 10));
    });
  });
}
