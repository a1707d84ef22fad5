import { expect, test } from 'vitest';
import { secondsAt } from './times.ts';
import { transcriptDocument } from './transcript.ts';

const segments = [
  { start: 0.5, end: 2, text: ' The valve opens.' },
  { start: 2.1, end: 3, text: '' },
  { start: 3, end: 4, text: 'At nine bar. ' },
  { start: 7, end: 9, text: 'And closes at eight.' },
];
const { text, times = [] } = transcriptDocument({ language: 'en', segments });

test('a pause begins a paragraph, and every stretch keeps its seconds', () => {
  expect(text).toBe('The valve opens. At nine bar.\n\nAnd closes at eight.');
  expect(times.map(({ start, end, seconds }) => [text.slice(start, end), seconds])).toEqual([
    ['The valve opens.', 0.5],
    ['At nine bar.', 3],
    ['And closes at eight.', 7],
  ]);
});

test('a character leads to the second at which it was said, one between stretches to the next', () => {
  expect(secondsAt(times, 0)).toBe(0.5);
  expect(secondsAt(times, text.indexOf('nine'))).toBe(3);
  expect(secondsAt(times, text.indexOf('\n'))).toBe(7);
  expect(secondsAt(times, text.length - 1)).toBe(7);
  expect(secondsAt(times, text.length)).toBeUndefined();
  expect(secondsAt([], 3)).toBeUndefined();
});
