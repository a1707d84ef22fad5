import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codesOf, createNearWords, lettersOf } from './near-words.ts';

/** The definition, letter by letter. */
function slipsOf(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length;
  const [a, b] = [one.slice(1), other.slice(1)];
  if (one[0] === other[0]) return slipsOf(a, b);
  return 1 + Math.min(slipsOf(a, other), slipsOf(one, b), slipsOf(a, b));
}

const word = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '水'), minLength: 1, maxLength });
const slipsBetween = (one: string, other: string): number =>
  createNearWords(one, 6).slips(codesOf(other), 0, other.length);

test('slips are the Levenshtein distance, and no near word is passed over by its letters', () => {
  fc.assert(
    fc.property(word(7), word(7), (one, other) => {
      const slips = slipsOf(one, other);
      expect(slipsBetween(one, other)).toBe(slips);
      const letters = lettersOf(codesOf(other), 0, other.length);
      if (slips > 0) expect(createNearWords(one, slips).mayBe(letters)).toBe(true);
    }),
  );
});

test('words as long as a machine word', () => {
  for (const length of [31, 32]) {
    const one = Array.from({ length }, (_, i) => 'abcdefg'[i % 7]).join('');
    expect(slipsBetween(one, one)).toBe(0);
    expect(slipsBetween(one, `x${one}`)).toBe(1);
    expect(slipsBetween(one, one.slice(1, -1))).toBe(2);
    expect(slipsBetween(one, `${one.slice(0, -1)}z`)).toBe(1);
  }
});
