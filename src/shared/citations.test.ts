import { expect, test } from 'vitest';
import { CITATION_WITH_SPACE, citedNumbers } from './citations.ts';

test.each<[string, number[]]>([
  ['So [1] and [2, 1].', [1, 2]],
  ['[1-3]', [1, 2, 3]],
  ['[2 – 4; 7]', [2, 3, 4, 7]],
  ['[1, 3-5]', [1, 3, 4, 5]],
  ['[3-1]', [3, 1]],
  ['[1-300]', [1, 300]],
  ['[2024] and [a] and []', []],
])('%s names %j', (text, numbers) => {
  expect(citedNumbers(text)).toEqual(numbers);
});

test('with its space it is taken out, a link stays', () => {
  const text = 'It opens [1-3], as [2](https://example.org) says \t[1, 2].';
  expect(text.replace(CITATION_WITH_SPACE, '')).toBe('It opens, as [2](https://example.org) says.');
});
