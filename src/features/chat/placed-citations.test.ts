import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeCitations, supportIndexOf } from './placed-citations.ts';

const TEXT = 'It opens at 8.4 bar [3]. Nobody knows why. It was built in 1911 [1, 2].\n\nThe end.';
const range = (sentence: string) => ({
  start: TEXT.indexOf(sentence),
  end: TEXT.indexOf(sentence) + sentence.length,
});
const SUPPORTS = [
  { ...range('It opens at 8.4 bar [3].'), source: 1, spanStart: 5, spanEnd: 20, score: 0.9 },
  { ...range('Nobody knows why.'), source: null, score: 0.1 },
  { ...range('It was built in 1911 [1, 2].'), source: 4, spanStart: 50, spanEnd: 70, score: 0.8 },
];

test('the model’s own numbers go, a reference stands behind each supported sentence', () => {
  const { text, marks } = placeCitations(TEXT, SUPPORTS);
  expect(text).toBe('It opens at 8.4 bar. [1000] Nobody knows why. It was built in 1911. [1002]\n\nThe end.');
  expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual(['Nobody knows why.']);
  expect(supportIndexOf(1002)).toBe(2);
  expect(supportIndexOf(3)).toBeUndefined();
});

test('a link with a number as its text stays a link', () => {
  expect(placeCitations('See [1](/x) there.', []).text).toBe('See [1](/x) there.');
});

test('nothing else of the answer is lost, whatever the sentences are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z ]{1,12}\.$/), fc.boolean()), { maxLength: 8 }),
      (sentences) => {
        const whole = sentences.map(([sentence]) => sentence).join(' ');
        let at = 0;
        const supports = sentences.map(([sentence, isSupported]) => {
          const start = whole.indexOf(sentence, at);
          at = start + sentence.length;
          return { start, end: at, source: isSupported ? 1 : null, score: 1 };
        });
        const { text } = placeCitations(whole, supports);
        expect(text.replace(/ \[\d+\]/g, '')).toBe(whole);
      },
    ),
  );
});
