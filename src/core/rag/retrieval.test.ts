import { expect, test } from 'vitest';
import { createCopyFilter } from './copies.ts';
import { isFound, measureFloor, wordCoverage } from './floor.ts';
import { fuse } from './fuse.ts';
import { createHashedEmbedder, HASHED } from './hashed-embedder.test-support.ts';
import { stem } from './stem.ts';
import { wordsOf } from './words.ts';

test('fusion: what both lists hold goes first, by 1 / (60 + rank)', () => {
  const dense = [10, 11, 12].map((key, i) => ({ key, score: 0.9 - i / 10 }));
  const lexical = [12, 13].map((key, i) => ({ key, score: 7 - i }));
  const fused = fuse(dense, lexical);
  expect(fused.map(({ key }) => key)).toEqual([12, 10, 11, 13]);
  expect(fused[0]).toMatchObject({ dense: 0.7, lexical: 7 });
  expect(fused[0]?.score).toBeCloseTo(1 / 63 + 1 / 61);
  expect(fuse([], [])).toEqual([]);
});

test('copies: a changed word makes none, a changed number another fact', () => {
  const text = (hours: string, adverb: string): string =>
    `Replace the shaft seal after ${hours} hours of operation. Use only seals of the original maker, clean the shaft ` +
    `${adverb} before the new seal is pressed on, and run the pump for a minute without load to check that it is tight.`;
  const isCopy = createCopyFilter();
  expect(isCopy(wordsOf(text('2,000', 'carefully')))).toBe(false);
  expect(isCopy(wordsOf(text('2000', 'thoroughly')))).toBe(true);
  expect(isCopy(wordsOf(text('3,000', 'carefully')))).toBe(false);
  expect(isCopy(wordsOf('Something else.'))).toBe(false);
});

test('the floor: near enough in meaning, or enough of the words, or something of both', async () => {
  const embedder = createHashedEmbedder();
  await embedder.load({ model: HASHED, device: 'cpu', threads: 1 });
  const floor = await measureFloor(embedder, HASHED.id);
  expect(floor.near).toBeLessThan(floor.found);
  const question = 'When does the relief valve open?';
  expect(isFound(wordsOf(question), wordsOf('No word of it.'), floor.found, floor)).toBe(true);
  expect(isFound(wordsOf(question), wordsOf('No word of it.'), floor.near, floor)).toBe(false);
  expect(isFound(wordsOf(question), wordsOf('A valve.'), floor.near, floor)).toBe(false);
  expect(isFound(wordsOf(question), wordsOf('The relief valve.'), undefined, undefined)).toBe(true);
  expect(isFound(wordsOf('RV-200'), wordsOf('Manual of the RV 200'), undefined, undefined)).toBe(true);
  expect(wordCoverage(wordsOf('Is it?'), wordsOf('It is.'))).toEqual({ share: 0, count: 0 });
});

test.each([
  ['valves', 'valve'],
  ['opening', 'opened'],
  ['replaced', 'replaces'],
  ['maintenance', 'maintenance'],
  ['batteries', 'battery'],
  ['hopping', 'hop'],
  ['relational', 'relate'],
])('%s and %s have one stem', (one, other) => {
  expect(stem(one)).toBe(stem(other));
});

test.each([
  ['1,000', 1000],
  ['1.000.000', 1_000_000],
  ['3,5', 3.5],
  ['11min', 11],
  ['eleven', 11],
])('%s is the number %d', (text, value) => {
  expect(wordsOf(text)[0]?.value).toBe(value);
});

test('words keep their places', () => {
  const text = 'The Café’s RV200, at 220°C.';
  expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    'The',
    'Café’s',
    'RV200',
    'at',
    '220',
    'C',
  ]);
});
