import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBm25Index } from './index.ts';
import { codesOf, createNearRows } from './near-words.ts';

/** The definition, letter by letter. */
function slipsOf(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length;
  const [a, b] = [one.slice(1), other.slice(1)];
  if (one[0] === other[0]) return slipsOf(a, b);
  return 1 + Math.min(slipsOf(a, other), slipsOf(one, b), slipsOf(a, b));
}

const word = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '水'), minLength: 1, maxLength });
/** As far as `most`; undefined: more. */
function slipsWithin(one: string, other: string, most: number): number | undefined {
  const rows = createNearRows(codesOf(one), most, other.length);
  const isNear = codesOf(other).every((code, i) => rows.step(i + 1, code));
  return isNear && rows.slips() <= most ? rows.slips() : undefined;
}

test('slips are the Levenshtein distance as far as it is asked for, and more is never taken for less', () => {
  fc.assert(
    fc.property(word(7), word(7), fc.integer({ min: 1, max: 6 }), (one, other, most) => {
      const slips = slipsOf(one, other);
      expect(slipsWithin(one, other, most)).toBe(slips <= most ? slips : undefined);
    }),
    { numRuns: 500 },
  );
});

test('every word that is near is found, before and after it is packed', async () => {
  const letters = fc.string({ unit: fc.constantFrom('k', 'b', 'c', 'z'), minLength: 5, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(letters, { maxLength: 60 }), letters, async (words, end) => {
      const asked = `kbc${end}`; // at least eight letters, of which two may differ from nine on
      const index = createBm25Index();
      index.add(words.map((text, key) => ({ key, heading: '', text })));
      const most = asked.length >= 9 ? 2 : 1;
      const near = words.flatMap((other, key) => (slipsOf(asked, other) <= most ? [key] : []));
      const found = () =>
        index
          .search(asked, 100)
          .map(({ key }) => key)
          .sort((a, b) => a - b);
      expect(found()).toEqual(near);
      await index.save?.();
      expect(found()).toEqual(near);
    }),
  );
});
