import { expect, test } from 'vitest';
import { type Progress, shareOf } from './call.ts';

const at = (fields: Partial<Progress>): Progress => ({
  phase: 'process',
  done: 3,
  unit: 'items',
  label: '',
  ...fields,
});

test('how far it is: what was said, else what was counted, never more than all; unknown is not zero', () => {
  expect(shareOf(at({ total: 4 }))).toBe(0.75);
  expect(shareOf(at({ total: 4, share: 0.5 }))).toBe(0.5);
  expect(shareOf(at({ total: 2 }))).toBe(1);
  expect([undefined, at({}), at({ total: 0 })].map(shareOf)).toEqual([undefined, undefined, undefined]);
});
