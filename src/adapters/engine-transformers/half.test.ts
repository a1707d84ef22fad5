import { expect, test } from 'vitest';
import { fromHalf, toHalf } from './half.ts';

test('every half becomes a number and the same half again', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromHalf(bits);
    if (Number.isNaN(value)) expect(fromHalf(toHalf(value))).toBeNaN();
    else expect(toHalf(value), `${value}`).toBe(bits);
  }
});

test('known values', () => {
  expect([toHalf(1), toHalf(-2), toHalf(65504), toHalf(1e6), toHalf(2 ** -24)]).toEqual([
    0x3c00, 0xc000, 0x7bff, 0x7c00, 1,
  ]);
  expect([fromHalf(0x3555), fromHalf(0xfc00)]).toEqual([0.333251953125, Number.NEGATIVE_INFINITY]);
  expect(toHalf(0.1)).toBe(0x2e66);
});
