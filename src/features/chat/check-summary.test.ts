import { expect, test } from 'vitest';
import { countsOf, summaryOf } from './check-summary.ts';

const NONE = {
  claims: 0,
  supported: 0,
  partly: 0,
  none: 0,
  missingQuotes: 0,
  verifiedQuotes: 0,
  strange: 0,
};

test('what is nought is left out; one is one', () => {
  expect(summaryOf(NONE)).toBe('Nothing in this answer states a fact.');
  expect(summaryOf({ ...NONE, claims: 1, supported: 1 })).toBe('1 of 1 statement supported');
  expect(
    summaryOf({
      claims: 5,
      supported: 2,
      partly: 1,
      none: 2,
      missingQuotes: 1,
      verifiedQuotes: 2,
      strange: 3,
    }),
  ).toBe(
    '2 of 5 statements supported · 1 partly · 2 not · 2 of 3 quotes word for word · 3 numbers and names in no source',
  );
});

test('counts come from the table', () => {
  const sentence = { start: 0, end: 1, text: 'x', quotes: [], strange: [] };
  const quote = { start: 0, end: 1, text: 'x', kind: 'inline', nearest: undefined } as const;
  const counts = countsOf({
    sentences: [
      { ...sentence, verdict: 'supported' },
      { ...sentence, verdict: 'no-claim' },
      { ...sentence, verdict: 'none' },
    ],
    quotes: [
      { ...quote, found: undefined },
      { ...quote, found: { source: 1, start: 0, end: 1 } },
    ],
    strange: [],
  });
  expect(counts).toEqual({ ...NONE, claims: 2, supported: 1, none: 1, missingQuotes: 1, verifiedQuotes: 1 });
});
