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

test('a number, a quote and a sentence without support are marked side by side, each with its reason', () => {
  const answer = 'It says “opens by itself” [1]. It weighs 77 kg [2] in all.';
  const at = (part: string) => ({
    start: answer.indexOf(part),
    end: answer.indexOf(part) + part.length,
  });
  const first = { ...at('It says “opens by itself” [1].'), source: 1, score: 0.9 };
  const second = { ...at('It weighs 77 kg [2] in all.'), source: null, score: 0.1 };
  const found = { source: 1, start: 5, end: 20 };
  const { text, marks } = placeCitations(answer, [first, second], 0, {
    quotes: [{ ...at('“opens by itself”'), text: 'opens by itself', kind: 'inline', found }],
    strange: [{ ...at('77 kg'), text: '77 kg', kind: 'number' }],
  });
  expect(text).toBe('It says “opens by itself”. [1000] It weighs 77 kg in all.');
  expect(marks.map(({ start, end, kind }) => [kind, text.slice(start, end)])).toEqual([
    ['quote-found', '“opens by itself”'],
    ['unsupported', 'It weighs '],
    ['strange', '77 kg'],
    ['unsupported', ' in all.'],
  ]);
  expect(marks[0]?.hint).toBe('Word for word in source 1');
});

test('without supports the text stays, marks count from its offset', () => {
  const { text, marks } = placeCitations('About 77 kg [1].', [], 10, {
    quotes: [],
    strange: [
      { start: 16, end: 21, text: '77 kg', kind: 'number' },
      { start: 2, end: 6, text: 'else', kind: 'name' },
    ],
  });
  expect(text).toBe('About 77 kg [1].');
  expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual(['77 kg']);
});
