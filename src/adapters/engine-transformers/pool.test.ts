import { expect, test } from 'vitest';
import { poolRow } from './pool.ts';

// Two rows of three tokens, two numbers each; the second row has two real tokens and one of padding.
const states = {
  data: new Float32Array([3, 4, 9, 9, 9, 9, 1, 0, 0, 1, 500, -500]),
  tokens: 3,
  dimension: 2,
};

test('cls takes the first token, at length one', () => {
  const vector = new Float32Array(2);
  expect(poolRow(states, 0, 3, 'cls', vector)).toBe(true);
  expect([...vector]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
});

test('mean leaves the padding out', () => {
  const vector = new Float32Array(2);
  expect(poolRow(states, 1, 2, 'mean', vector)).toBe(true);
  expect([...vector]).toEqual([expect.closeTo(Math.SQRT1_2), expect.closeTo(Math.SQRT1_2)]);
});

test('what is no vector is said to be none', () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 0])
    expect(
      poolRow(
        { data: new Float32Array([bad, 0]), tokens: 1, dimension: 2 },
        0,
        1,
        'cls',
        new Float32Array(2),
      ),
    ).toBe(false);
});
