import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PassageMap } from '#core/ports/library-insight.ts';
import { isInside, isTap, nearestPoint, type Point, passagesOf, pointsInside } from './map-geometry.ts';

const map: PassageMap = {
  documents: [
    { id: 'a', name: 'a.md' },
    { id: 'b', name: 'b.md' },
  ],
  points: Float32Array.from([-0.5, -0.5, 0.5, 0.5, 0.6, 0.5]),
  documentOf: Uint32Array.from([0, 1, 1]),
  ordinalOf: Uint32Array.from([7, 0, 3]),
  shownVariance: 1,
  leftOut: 0,
};
const square: readonly Point[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

test('a lasso takes the points inside it, as passages by document', () => {
  expect([...pointsInside(map, square)]).toEqual([1, 2]);
  expect(passagesOf(map, pointsInside(map, square))).toEqual([{ documentId: 'b', ordinals: [0, 3] }]);
  expect(pointsInside(map, square.slice(0, 2)).size).toBe(0);
});

test('the nearest point within reach', () => {
  expect(nearestPoint(map, [0.58, 0.5], 0.1)).toBe(2);
  expect(nearestPoint(map, [0, 0], 0.1)).toBeUndefined();
});

test('a line that stays where it began is a tap', () => {
  expect(isTap([[0, 0]], 0.03)).toBe(true);
  expect(
    isTap(
      [
        [0, 0],
        [0.02, 0.01],
        [0, 0],
      ],
      0.03,
    ),
  ).toBe(true);
  expect(isTap(square, 0.03)).toBe(false);
});

test('inside is the same from every corner and either way round', () => {
  const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, fc.nat(3), (x, y, turn) => {
      const turned = [...square.slice(turn), ...square.slice(0, turn)];
      expect(isInside([x, y], turned)).toBe(isInside([x, y], square));
      expect(isInside([x, y], turned.toReversed())).toBe(isInside([x, y], square));
    }),
  );
});
