import fc from 'fast-check';
import { expect, test } from 'vitest';
import { principalPlane } from './principal-plane.ts';

test('points on a line along one axis of many fall on a line of the plane', async () => {
  const dimension = 5;
  const vectors = new Float32Array(20 * dimension);
  for (let row = 0; row < 20; row += 1) vectors[row * dimension + 3] = row;
  const { points, shownVariance } = await principalPlane(vectors, dimension);
  expect(shownVariance).toBeCloseTo(1);
  const xs = Array.from({ length: 20 }, (_, row) => points[row * 2] ?? 0);
  const steps = xs.slice(1).map((x, i) => x - (xs[i] ?? 0));
  for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 4);
  for (let row = 0; row < 20; row += 1) expect(points[row * 2 + 1]).toBeCloseTo(0, 4);
});

test('two groups stand apart on the first axis, and what is flattened away is said', async () => {
  const dimension = 8;
  const vectors = Float32Array.from({ length: 40 * dimension }, (_, at) => {
    const row = Math.floor(at / dimension);
    const noise = Math.sin(at * 12.9898) * 0.2;
    return noise + (at % dimension === 0 ? (row < 20 ? 2 : -2) : 0);
  });
  const { points, shownVariance } = await principalPlane(vectors, dimension);
  const side = (row: number): number => Math.sign(points[row * 2] ?? 0);
  for (let row = 1; row < 20; row += 1) expect(side(row)).toBe(side(0));
  for (let row = 20; row < 40; row += 1) expect(side(row)).toBe(-side(0));
  expect(shownVariance).toBeGreaterThan(0.8);
  expect(shownVariance).toBeLessThan(1);
  expect(await principalPlane(vectors, dimension)).toEqual({ points, shownVariance });
});

test('whatever the vectors, points are numbers within the frame', async () => {
  const rows = fc.array(
    fc.array(fc.float({ noNaN: true, min: -1, max: 1 }), { minLength: 3, maxLength: 3 }),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(rows, async (list) => {
      const { points, shownVariance } = await principalPlane(Float32Array.from(list.flat()), 3);
      expect(points).toHaveLength(list.length * 2);
      expect([...points].every((value) => Math.abs(value) <= 1.000001)).toBe(true);
      expect(shownVariance).toBeGreaterThanOrEqual(0);
      expect(shownVariance).toBeLessThanOrEqual(1);
    }),
  );
});
