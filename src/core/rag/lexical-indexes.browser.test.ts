import { expect, test } from 'vitest';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createMiniSearchIndex } from '#adapters/lexical-minisearch/index.ts';
import type { LexicalHit, LexicalIndex } from '#core/ports/lexical-index.ts';

const SYLLABLES = ['ka', 'len', 'tor', 'mi', 'sup', 'ran', 'vel', 'do', 'gri', 'nax', 'pel', 'us'];

/** Words whose frequencies fall as their ranks rise, the same in every run. */
function createWords(seed: number) {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const word = (rank: number): string => {
    let text = '';
    for (let left = rank + 12; left > 0; left = Math.floor(left / 12)) text += SYLLABLES[left % 12];
    return text;
  };
  const words = (count: number, of = 2000): string =>
    Array.from({ length: count }, () => word(Math.floor(of ** random()))).join(' ');
  return { words, random };
}

/** Sums of floating point in another order end a little differently: a tie is one up to there. */
function expectSame(found: readonly LexicalHit[], expected: readonly LexicalHit[]): void {
  expect(found.length).toBe(expected.length);
  const scores = new Map(expected.map(({ key, score }) => [key, score]));
  for (const [i, { key, score }] of found.entries()) {
    const rounding = score * 1e-9;
    expect(Math.abs(score - (scores.get(key) ?? Number.NaN))).toBeLessThan(rounding);
    expect(Math.abs(score - (expected[i]?.score ?? Number.NaN))).toBeLessThan(rounding);
  }
}

test('lexical-bm25 ranks as MiniSearch does: all hits, their order and their scores', async () => {
  const { words, random } = createWords(5);
  const texts = [
    'The café serves crème brûlée at 8.4 bar.',
    '排水泵は毎月点検する。',
    'وا صمام الأمان يفتح',
    '',
  ];
  const entries = Array.from({ length: 1200 }, (_, key) => ({
    key,
    heading: key % 3 === 0 ? words(2, 300) : '',
    text: texts[key] ?? words(5 + Math.floor(random() * 90)),
  }));
  const queries = [
    'cafe brulees 8.4',
    '排水泵',
    'الأمان',
    'what is the of',
    ...Array.from({ length: 40 }, () => words(4)),
  ];
  const misspelt = queries.map((query) => query.replace(/(?<=\w{3})\w(?=\w{2})/, 'q'));
  const agree = (own: LexicalIndex, other: LexicalIndex): void => {
    for (const query of [...queries, ...misspelt, `${queries[5]} ${queries[5]}`]) {
      expectSame(own.search(query, 2000), other.search(query, 2000));
      const even = { size: 1, has: (key: number): boolean => key % 2 === 0 };
      expectSame(own.search(query, 7, even), other.search(query, 7, even));
    }
  };
  const made = (contents: typeof entries): LexicalIndex => {
    const other = createMiniSearchIndex();
    other.add(contents);
    return other;
  };
  const own = createBm25Index();
  own.add(entries.slice(0, 800));
  agree(own, made(entries.slice(0, 800)));
  const opened = createBm25Index(await own.save?.());
  const gone = [1, 50, 51, 52, 700];
  opened.remove(gone);
  opened.add(entries.slice(750)); // some once more
  // Made anew: MiniSearch goes on counting what was removed, until it has come across it often enough.
  const rest = made(entries.filter(({ key }) => !gone.includes(key)));
  agree(opened, rest);
  agree(createBm25Index(await opened.save?.()), rest);
});
