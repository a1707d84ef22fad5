import { beforeAll, expect, test } from 'vitest';
import { BGE, sampleFiles } from './bge-small.test-support.ts';
import { EMOJI, emojiFiles } from './emoji-clip.test-support.ts';
import { createTransformersEmbedder, createTransformersImageEmbedder } from './index.ts';

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

test('so it is with both towers of a model for pictures', async () => {
  const embedder = createTransformersImageEmbedder({ openFile: emojiFiles() });
  const info = await embedder.load({ model: EMOJI, device: 'gpu', threads: 1 });
  expect(info.runsOn).toBe('wasm');
  expect((await embedder.embedTexts({ modelId: EMOJI.id, texts: ['a', 'b'] })).count).toBe(2);
  const { width, height } = info.input;
  const pixels = new Uint8Array(width * height * 3).fill(200);
  expect((await embedder.embedImages({ modelId: EMOJI.id, pixels, count: 1 })).count).toBe(1);
});
