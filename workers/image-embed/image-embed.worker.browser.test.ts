import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageEmbedContract } from '#contracts/image-embed.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

const model: ModelSpec = {
  id: 'emoji-clip',
  task: 'embed-image-text',
  engine: 'transformers',
  label: 'Emoji CLIP',
  licence: 'apache-2.0',
  contextTokens: 77,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 60_000_000 },
  files: [
    { path: 'onnx/vision_model_quantized.onnx', sizeBytes: 1_281_574 },
    { path: 'onnx/text_model_quantized.onnx', sizeBytes: 1_966_642 },
    { path: 'tokenizer.json' },
    { path: 'tokenizer_config.json' },
    { path: 'config.json' },
    { path: 'preprocessor_config.json' },
  ],
  sources: [],
  quantization: 'q8',
  summary: 'Emoji.',
  dimension: 256,
  maxInputTokens: 77,
  logits: { scale: 29.985, bias: 0, kind: 'softmax' },
};
const load = { model, device: 'cpu', threads: 1 } as const;

const store = createWorkerHandle({
  name: 'models',
  contract: modelStoreContract,
  spawn: () => new Worker(new URL('../models/models.worker.ts', import.meta.url), { type: 'module' }),
});
const workers: Worker[] = [];
const embed = createWorkerHandle({
  name: 'image-embed',
  contract: imageEmbedContract,
  spawn() {
    const worker = new Worker(new URL('./image-embed.worker.ts', import.meta.url), { type: 'module' });
    workers.push(worker);
    return worker;
  },
});

describe('the worker for picture vectors', () => {
  beforeAll(async () => {
    await store.client.download({ model });
  }, 60_000);
  afterAll(async () => {
    embed.restart();
    await store.client.remove({ modelId: model.id });
    store.restart();
  });

  test('embeds pictures and words with a model from this machine’s own storage', async () => {
    const info = await embed.client.load(load);
    expect(info).toMatchObject({ modelId: model.id, dimension: 256, runsOn: 'wasm', logits: model.logits });
    expect(info.input).toEqual({ width: 64, height: 64, resize: 64, fit: 'cover' });
    const pixels = Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, i) => (i * 7) % 256);
    const pictures = await embed.client.embedImages({ modelId: model.id, pixels, count: 2 });
    expect([pictures.vectors.length, pictures.count]).toEqual([512, 2]);
    const words = await embed.client.embedTexts({ modelId: model.id, texts: ['dog', 'cat', 'house'] });
    expect([words.vectors.length, words.count]).toEqual([768, 3]);
  });

  test('a model that is not stored is said to be missing, and the worker lives', async () => {
    const absent = { ...load, model: { ...model, id: 'absent' } };
    await expect(embed.client.load(absent)).rejects.toMatchObject({ code: 'model/not-found' });
    expect(workers).toHaveLength(1);
    expect((await embed.client.embedTexts({ modelId: model.id, texts: ['x'] })).count).toBe(1);
  });
});
