import { expect, test } from 'vitest';
import { applyRules } from './whisper-rules.ts';
import { readWindow } from './whisper-segments.ts';

/** Words 0 to 3, the end 4, <|nospeech|> 5, <|notimestamps|> 6, timestamps from 7. */
const RULES = {
  end: 4,
  noTimestamps: 6,
  firstTimestamp: 7,
  lastFirstTimestamp: 2,
  suppressed: [3],
  suppressedFirst: [4],
  stepsPerWindow: 10,
};

function allowed(before: readonly number[], likely: readonly number[] = []): number[] {
  const logits = new Float32Array(18);
  for (const token of likely) logits[token] = 9;
  applyRules(logits, before, RULES);
  return [...logits.keys()].filter((token) => logits[token] !== Number.NEGATIVE_INFINITY);
}

test('the first token is a timestamp near the beginning', () => {
  expect(allowed([], [1])).toEqual([7, 8, 9]);
});

test('an opening timestamp is followed by words, a closing one by the end or by a later or equal one', () => {
  expect(allowed([8], [1])).toEqual([0, 1, 2, 4, 5]);
  expect(allowed([8, 1, 10], [4])).toEqual([4, 5, 10, 11, 12, 13, 14, 15, 16, 17]);
  expect(allowed([8, 1, 10, 10], [2])).toEqual([0, 1, 2, 4, 5]);
});

test('after a word a later timestamp may come, and it must where all of them together are likelier than any word', () => {
  expect(allowed([8, 1], [1])).toEqual([0, 1, 2, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  expect(allowed([8, 1])).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
});

test('what is said whole is kept, and a cut-off end is left to the next window', () => {
  const first = { start: 1, end: 3, tokens: [1] };
  expect(readWindow([8, 1, 10, 11, 2, 2, 14], RULES)).toEqual({
    segments: [first, { start: 4, end: 7, tokens: [2, 2] }],
    advance: 10,
  });
  expect(readWindow([8, 1, 10, 11, 2], RULES)).toEqual({ segments: [first], advance: 3 });
  expect(readWindow([8, 1, 10, 11], RULES)).toEqual({ segments: [first], advance: 3 });
  expect(readWindow([8, 2, 1], RULES)).toEqual({
    segments: [{ start: 1, end: 10, tokens: [2, 1] }],
    advance: 10,
  });
  expect(readWindow([], RULES)).toEqual({ segments: [], advance: 10 });
});
