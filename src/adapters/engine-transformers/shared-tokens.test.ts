import { describe, expect, test } from 'vitest';
import type { PlacedPicture } from './chat-prompt.ts';
import { cutRows } from './cut-rows.ts';
import { sharedTokens } from './shared-tokens.ts';

const IMAGE = 9;

const placed = (start: number, key: string, tokens: number): PlacedPicture => ({
  start,
  picture: { key, ids: Array<number>(tokens).fill(IMAGE), inputs: async () => ({}) },
});
const words = (...ids: readonly number[]) => ({ ids, pictures: [] });
/** [1, 2, picture of three tokens, then the rest] */
const seen = (key: string, ...rest: readonly number[]) => ({
  ids: [1, 2, IMAGE, IMAGE, IMAGE, ...rest],
  pictures: [placed(2, key, 3)],
});

describe('what two prompts share', () => {
  test('is their beginning, but never the last token', () => {
    expect(sharedTokens(words(1, 2, 3), words(1, 2, 4, 5))).toBe(2);
    expect(sharedTokens(words(1, 2, 3), words(1, 2, 3, 4))).toBe(3);
    expect(sharedTokens(words(1, 2, 3), words(1, 2, 3))).toBe(2);
    expect(sharedTokens(words(), words(1, 2))).toBe(0);
  });

  test('goes past a picture with the same bytes, and stops before another one', () => {
    expect(sharedTokens(seen('a', 5, 6), seen('a', 5, 7))).toBe(6);
    expect(sharedTokens(seen('a', 5, 6), seen('b', 5, 6))).toBe(2);
  });

  test('has no part of a picture: one that was stopped halfway is read again', () => {
    const halfway = { ids: [1, 2, IMAGE, IMAGE], pictures: [placed(2, 'a', 3)] };
    expect(sharedTokens(halfway, seen('a', 5))).toBe(2);
    expect(sharedTokens({ ...halfway, pictures: [] }, seen('a', 5))).toBe(2);
    expect(sharedTokens(seen('a'), seen('a'))).toBe(2); // its last token has to be computed
  });

  test('stops before a second picture that differs', () => {
    const two = (key: string) => ({
      ids: [...seen('a').ids, 5, IMAGE, IMAGE, 6],
      pictures: [placed(2, 'a', 3), placed(6, key, 2)],
    });
    expect(sharedTokens(two('b'), two('c'))).toBe(6);
    expect(sharedTokens(two('b'), two('b'))).toBe(8);
  });
});

test('a cache is cut head by head', () => {
  const twoHeads = Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60); // three tokens of two numbers
  expect([...cutRows(twoHeads, 3, 2, 2)]).toEqual([1, 2, 3, 4, 10, 20, 30, 40]);
  expect([...cutRows(Uint16Array.of(1, 2, 3, 4), 2, 1, 1)]).toEqual([1, 3]);
});
