import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeySet } from './key-set.ts';

test('has exactly the keys it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 })), (keys) => {
      const set = createKeySet(keys);
      const expected = new Set(keys);
      expect(set.size).toBe(expected.size);
      const all = Array.from({ length: 5200 }, (_, key) => key);
      expect(all.filter(set.has)).toEqual(all.filter((key) => expected.has(key)));
    }),
  );
});
