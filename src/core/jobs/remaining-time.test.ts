import { expect, test } from 'vitest';
import type { Progress } from '#shared/call.ts';
import { createProgressMeter } from './remaining-time.ts';

const at = (done: number, more: Partial<Progress> = {}): Progress => ({
  phase: 'download',
  done,
  total: 10_000,
  unit: 'bytes',
  label: 'm',
  ...more,
});

test('says nothing before it has seen enough, then speed and remaining time', () => {
  const meter = createProgressMeter();
  meter.note(at(0), 0);
  meter.note(at(500), 500);
  expect(meter.rate()).toBeUndefined();
  expect(meter.remainingMs()).toBeUndefined();
  meter.note(at(2000), 2000);
  expect(meter.rate()).toBe(1000);
  expect(meter.remainingMs()).toBe(8000);
});

test('follows a line that becomes slower', () => {
  const meter = createProgressMeter();
  for (let second = 0; second <= 5; second++) meter.note(at(second * 1000), second * 1000);
  for (let second = 6; second <= 20; second++) meter.note(at(5000 + (second - 5) * 100), second * 1000);
  expect(meter.rate()).toBeCloseTo(100, 0);
});

test('a new phase starts anew; without a total no time is made up; a stand-still is not endless speed', () => {
  const meter = createProgressMeter();
  meter.note(at(0), 0);
  meter.note(at(4000), 4000);
  meter.note(at(0, { phase: 'verify' }), 4100);
  expect(meter.rate()).toBeUndefined();
  const { total: _, ...unknown } = at(9000, { phase: 'verify' });
  meter.note(unknown, 9000);
  expect(meter.rate()).toBeGreaterThan(0);
  expect(meter.remainingMs()).toBeUndefined();
});

test('a line that stands still is told so', () => {
  const meter = createProgressMeter();
  for (let second = 0; second <= 5; second++) meter.note(at(second * 1000), second * 1000);
  for (let second = 6; second <= 30; second++) meter.note(at(5000), second * 1000);
  expect(meter.rate()).toBeUndefined();
  expect(meter.remainingMs()).toBeUndefined();
});
