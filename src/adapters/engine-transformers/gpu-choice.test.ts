import { expect, test } from 'vitest';
import { isGpuBetter } from './gpu-choice.ts';

const cpu = { vectors: Float32Array.of(1, 0, 0, 1), dimension: 2, durationMs: 10 };

test('a quicker GPU with the same vectors is taken', () => {
  const nearly = Float32Array.of(0.9999, 0.0141, 0, 1);
  expect(isGpuBetter({ ...cpu, vectors: nearly, durationMs: 5 }, cpu)).toBe(true);
});

test.each([
  ['is slower', { durationMs: 11 }],
  ['is off in one row', { vectors: Float32Array.of(1, 0, 0.12, 0.99) }],
  ['gives the opposite', { vectors: Float32Array.of(-1, 0, 0, -1) }],
  ['gives no numbers', { vectors: Float32Array.of(1, 0, Number.NaN, 1) }],
  ['gives other sizes', { vectors: Float32Array.of(1, 0), dimension: 2 }],
])('a GPU that %s is left', (_, change) => {
  expect(isGpuBetter({ ...cpu, durationMs: 5, ...change }, cpu)).toBe(false);
});
