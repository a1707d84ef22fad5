import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedContract } from '#contracts/embed.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

const model: ModelSpec = {
  id: 'bge-small-en-v1.5',
  task: 'embed-text',
  engine: 'transformers',
  label: 'BGE small (English)',
  licence: 'mit',
  contextTokens: 512,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 180_000_000 },
  files: [
    {
      path: 'onnx/model_quantized.onnx',
      sizeBytes: 34_014_426,
      sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
    },
    { path: 'tokenizer.json', sizeBytes: 711_396 },
    { path: 'config.json' },
    { path: 'tokenizer_config.json' },
  ],
  sources: [],
  quantization: 'q8',
  summary: 'Small and quick.',
  prompt: { query: 'Represent this sentence for searching relevant passages: ', passage: '' },
  dimension: 384,
  pooling: 'cls',
  maxInputTokens: 512,
};
const load = { model, device: 'cpu', threads: 1 } as const;

const workers: Worker[] = [];
const ended = createSignal();
const store = createWorkerHandle({
  name: 'models',
  contract: modelStoreContract,
  spawn: () => new Worker(new URL('../models/models.worker.ts', import.meta.url), { type: 'module' }),
});
const embed = createWorkerHandle({
  name: 'embed',
  contract: embedContract,
  spawn() {
    const worker = new Worker(new URL('./embed.worker.ts', import.meta.url), { type: 'module' });
    workers.push(worker);
    return worker;
  },
  onEnd: (error) => ended.push(error),
});

/** Worker ends that can be awaited, however early they come. */
function createSignal() {
  let isThere = false;
  let wake = (): void => {};
  return {
    push(_error: unknown): void {
      isThere = true;
      wake();
    },
    async next(): Promise<void> {
      while (!isThere)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      isThere = false;
    },
  };
}

describe('the embed worker', () => {
  beforeAll(async () => {
    await store.client.download({ model });
  }, 60_000);
  afterAll(async () => {
    embed.restart();
    await store.client.remove({ modelId: model.id });
    store.restart();
  });

  test('embeds with a model from this machine’s own storage', async () => {
    const info = await embed.client.load(load);
    expect(info).toMatchObject({ modelId: model.id, dimension: 384, runsOn: 'wasm' });
    const { vectors, count } = await embed.client.embed({
      modelId: model.id,
      texts: ['a', 'b'],
      kind: 'passage',
    });
    expect([vectors.length, count]).toEqual([768, 2]);
  });

  test('a model that is not stored is said to be missing, and the worker lives', async () => {
    const absent = { ...load, model: { ...model, id: 'absent' } };
    await expect(embed.client.load(absent)).rejects.toMatchObject({ code: 'model/not-found' });
    expect(workers).toHaveLength(1);
    expect((await embed.client.embed({ modelId: model.id, texts: ['x'], kind: 'query' })).count).toBe(1);
  });

  test('after a failed inference the next call finds a fresh worker', async () => {
    await withPoisonedVocabulary(async () => {
      embed.restart();
      await ended.next();
      await embed.client.load(load);
      const failed = embed.client.embed({ modelId: model.id, texts: ['the zebra'], kind: 'passage' });
      await expect(failed).rejects.toMatchObject({ code: 'worker/crashed' });
      await ended.next();
    });
    await embed.client.load(load);
    const { count } = await embed.client.embed({ modelId: model.id, texts: ['the zebra'], kind: 'passage' });
    expect(count).toBe(1);
  });
});

/** Gives one word of the stored tokenizer a number that the weights have no row for. */
async function withPoisonedVocabulary(body: () => Promise<void>): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const models = await root.getDirectoryHandle('models');
  const handle = await (await models.getDirectoryHandle(model.id)).getFileHandle('tokenizer.json');
  const good = await (await handle.getFile()).text();
  const write = async (text: string): Promise<void> => {
    const writable = await handle.createWritable();
    await writable.write(text);
    await writable.close();
  };
  const poisoned = good.replace(/"zebra":\s*\d+/, '"zebra":40000');
  expect(poisoned).not.toBe(good);
  await write(poisoned);
  try {
    await body();
  } finally {
    await write(good);
  }
}
