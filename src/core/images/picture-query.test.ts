import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePictureQuery } from './picture-query.ts';

describe('the words of a picture search', () => {
  test.each([
    ['beach', 'beach', []],
    ['beach -people', 'beach', ['people']],
    ['-people beach  at night', 'beach at night', ['people']],
    ['street -"red car" -„alter Baum“', 'street', ['red car', 'alter Baum']],
    ['high-heeled shoe', 'high-heeled shoe', []],
    ['sun - moon', 'sun - moon', []],
    ['a −b', 'a', ['b']],
    ['-', '-', []],
    ['--', '--', []],
    ['-people', undefined, ['people']],
    ['  ', undefined, []],
  ])('%s', (words, plus, minus) => {
    expect(parsePictureQuery(words)).toEqual({ ...(plus === undefined ? {} : { plus }), minus });
  });

  test('plain words come back as they are; minus words in their order, wherever they stand', () => {
    const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcdefgü9'.split('')) });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom('', '-')), { maxLength: 8 }), (parts) => {
        const { plus, minus } = parsePictureQuery(parts.map(([text, sign]) => sign + text).join(' '));
        const of = (sign: string) => parts.flatMap(([text, own]) => (own === sign ? [text] : []));
        expect(plus ?? '').toBe(of('').join(' '));
        expect(minus).toEqual(of('-'));
      }),
    );
  });
});
