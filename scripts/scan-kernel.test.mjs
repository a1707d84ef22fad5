import { expect, test } from 'vitest';
import { readCommittedKernel, scanKernelModule } from './build-scan-kernel.mjs';

test('the committed scan kernel is what its source assembles to', async () => {
  expect(await readCommittedKernel()).toBe(await scanKernelModule());
});
