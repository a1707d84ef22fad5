import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from './words.ts';

const PIECES = [
  '1,000',
  "don't",
  'x',
  ' ',
  '.',
  ',',
  "'",
  '12',
  '345',
  'RV200',
  '5mm',
  '-',
  '2nd',
  'Of',
  '\n',
  '3.5',
];

test('a plain text has the words that it has beside another script', () => {
  const plain = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  );
  fc.assert(
    fc.property(plain, (text) => {
      expect(wordsOf(text)).toEqual(wordsOf(`${text} \u6c34`).slice(0, -1));
    }),
    { numRuns: 2000 },
  );
});
