import { expect, test } from 'vitest';
import { sizeIn } from './picture-size.ts';

/** As cameras write it: a segment of their own, a byte that only fills, then the frame; and a table that is none. */
const JPEG = Uint8Array.from(
  'ffd8 ffe1000600000000 ffc400030a ff ffc2001108018001e003'.replaceAll(' ', '').match(/../g) ?? [],
  (byte) => Number.parseInt(byte, 16),
);

test('a JPEG says how large it is behind whatever comes before; cut off it says nothing', () => {
  expect(sizeIn(JPEG, 'image/jpeg')).toEqual({ width: 480, height: 384 });
  for (const length of [0, 2, 5, 12, 21])
    expect(sizeIn(JPEG.subarray(0, length), 'image/jpeg')).toBeUndefined();
});

test('a JPEG whose data begin without a frame, or that is none, says nothing', () => {
  expect(sizeIn(Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0), 'image/jpeg')).toBeUndefined();
  expect(sizeIn(new Uint8Array(40), 'image/jpeg')).toBeUndefined();
});
