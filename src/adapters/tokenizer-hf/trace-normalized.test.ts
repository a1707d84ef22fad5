import fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceNormalized } from './trace-normalized.ts';

const bert = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');

test('every unit of the normalised text has a place in the original, in order', () => {
  for (const normalize of [bert, (text: string) => text.normalize('NFKC'), (text: string) => text])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (original) => {
        const { text, starts, ends } = traceNormalized(original, normalize);
        expect(text).toBe(normalize(original));
        expect([starts.length, ends.length]).toEqual([text.length, text.length]);
        starts.forEach((start, i) => {
          expect(start).toBeGreaterThanOrEqual(starts[i - 1] ?? 0);
          expect(ends[i]).toBeGreaterThanOrEqual(start);
          expect(ends[i]).toBeLessThanOrEqual(original.length);
        });
      }),
    );
});

test('accents belong to the letter before them', () => {
  const { text, starts, ends } = traceNormalized('e\u0301a', bert);
  expect({ text, starts, ends }).toEqual({ text: 'ea', starts: [0, 2], ends: [2, 3] });
});

test('where characters compose, what is around them stays exact', () => {
  const compose = (text: string): string => text.normalize('NFC');
  const { text, starts, ends } = traceNormalized('xe\u0301y', compose);
  expect({ text, starts, ends }).toEqual({ text: 'xéy', starts: [0, 1, 3], ends: [1, 3, 4] });
});

test('a final sigma keeps its place', () => {
  const { text, starts } = traceNormalized('ΟΣ', bert);
  expect({ text, starts }).toEqual({ text: 'ος', starts: [0, 1] });
});
