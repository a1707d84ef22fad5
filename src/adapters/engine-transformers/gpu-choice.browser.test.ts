import { beforeAll, expect, test } from 'vitest';
import { BGE, sampleFiles } from './bge-small.test-support.ts';
import { createTransformersEmbedder } from './index.ts';

// The software adapter of the test browser passes for a real one here: both runtimes really run and are compared.
beforeAll(() => {
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
});

test('a GPU is tried, compared with the CPU, and left when the CPU is faster; the info says so', async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  expect(adapter?.info.isFallbackAdapter).toBe(false);
  const embedder = createTransformersEmbedder({ openFile: sampleFiles() });
  const info = await embedder.load({ model: BGE, device: 'gpu', threads: 1 });
  expect(info.runsOn).toBe('wasm');
  expect((await embedder.embed({ modelId: BGE.id, texts: ['a', 'b'], kind: 'passage' })).count).toBe(2);
});
