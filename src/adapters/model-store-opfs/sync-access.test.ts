import { expect, test } from 'vitest';
import { type SyncAccess, writeFully } from './sync-access.ts';

const disk = (answer: (bytes: Uint8Array) => number): SyncAccess => ({
  write: answer,
  truncate() {},
  flush() {},
  close() {},
});
const bytes = new Uint8Array(8);

test.each([
  ['a part of the bytes', 3],
  ['nothing', 0],
  ['an error code as an unsigned number (Chromium, private window)', 4_294_967_288],
])('a disk that took %s is full', (_, answer) => {
  expect(() =>
    writeFully(
      disk(() => answer),
      bytes,
      0,
    ),
  ).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }));
});

test('a disk that took all is not', () => {
  expect(() =>
    writeFully(
      disk(({ byteLength }) => byteLength),
      bytes,
      0,
    ),
  ).not.toThrow();
});
