import { expect, test } from 'vitest';
import { svgSize } from './svg-size.ts';

test.each([
  [['200', '100', null], { width: 200, height: 100, viewBox: '0 0 200 100' }],
  [['1in', '72pt', '0 0 5 5'], { width: 96, height: 96, viewBox: '0 0 5 5' }],
  [['100%', '100%', '0,0 40 20'], { width: 40, height: 20, viewBox: '0,0 40 20' }],
  [['80', null, '0 0 40 20'], { width: 80, height: 40, viewBox: '0 0 40 20' }],
  [[null, '80', '0 0 40 20'], { width: 160, height: 80, viewBox: '0 0 40 20' }],
  [[null, null, null], { width: 300, height: 150, viewBox: '0 0 300 150' }],
  [['-5', '0', '0 0 0 0'], { width: 300, height: 150, viewBox: '0 0 300 150' }],
  [['1e99', '1e-9', null], { width: 100_000, height: 1, viewBox: '0 0 100000 1' }],
] as const)('%j', ([width, height, viewBox], expected) => {
  expect(svgSize(width, height, viewBox)).toEqual(expected);
});
