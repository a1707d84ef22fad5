import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MIDDLE, regionBetween, regionInWords, regionMoved } from './region.ts';

test('a rectangle may be drawn from any corner', () => {
  const region = { x: 0.25, y: 0.5, width: 0.5, height: 0.25 };
  for (const [from, to] of [
    [
      [0.25, 0.5],
      [0.75, 0.75],
    ],
    [
      [0.75, 0.75],
      [0.25, 0.5],
    ],
    [
      [0.25, 0.75],
      [0.75, 0.5],
    ],
  ] as const)
    expect(regionBetween(from, to)).toEqual(region);
});

test('it ends at the edges of the picture', () => {
  expect(regionBetween([0.5, 0.5], [2, -1])).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.5 });
});

test('a click, or a line, is no part', () => {
  expect(regionBetween([0.5, 0.5], [0.51, 0.51])).toBeUndefined();
  expect(regionBetween([0.1, 0.5], [0.9, 0.51])).toBeUndefined();
  expect(regionBetween([1.2, 0.2], [1.9, 0.9])).toBeUndefined();
});

describe('by key', () => {
  test('arrows move it, with Shift they size it; it stays inside and never vanishes', () => {
    const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;
    const press = fc.tuple(fc.constantFrom(...keys), fc.boolean());
    fc.assert(
      fc.property(fc.array(press, { maxLength: 80 }), (presses) => {
        const { x, y, width, height } = presses.reduce(
          (region, [key, isSizing]) => regionMoved(region, key, isSizing),
          MIDDLE,
        );
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(0.05);
        expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1.0001);
        expect(regionBetween([x, y], [x + width, y + height])).toBeDefined();
      }),
    );
    const right = regionMoved(regionMoved(MIDDLE, 'ArrowRight', false), 'ArrowDown', true);
    expect(right).toEqual({ x: 0.3, y: 0.25, width: 0.5, height: 0.55 });
    expect(regionInWords(right)).toBe('left 30 %, top 25 %, 50 % wide, 55 % high');
  });
});
