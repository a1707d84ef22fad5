import { Tensor } from 'onnxruntime-web/webgpu';
import { afterAll, expect, test, vi } from 'vitest';
import type { GenerateRequest, PromptMessage, Usage } from '#core/ports/chat-engine.ts';
import { createTransformersChatEngine } from './index.ts';
import { LOAD_TINY, TINY_VLM, tinyPicture, tinyVlmFile } from './tiny-vlm.test-support.ts';

const engine = createTransformersChatEngine({ openFile: (_, path) => tinyVlmFile(path) });
const ON_GPU = { ...LOAD_TINY, device: 'gpu' } as const;
const CAPITAL = 'What is the capital of France?';

afterAll(() => engine.unload({ modelId: TINY_VLM.id }));

async function ask(...messages: readonly PromptMessage[]): Promise<{ text: string; usage: Usage }> {
  const request: GenerateRequest = {
    modelId: TINY_VLM.id,
    messages,
    sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1, maxTokens: 8, stop: ['.'] },
  };
  let text = '';
  for await (const event of engine.generate(request)) {
    if (event.type === 'text-delta') text += event.text;
    if (event.type === 'finish') return { text, usage: event.usage };
  }
  throw new Error('The answer ended without finish');
}

const user = (content: string): PromptMessage => ({ role: 'user', content });

test('on the GPU it says so, knows and sees as on the CPU, and keeps what two turns share', async () => {
  const loaded = await engine.load(ON_GPU);
  expect(loaded).toMatchObject({ runsOn: 'webgpu', seesImages: true });
  expect(loaded.placeLabel).toMatch(/^WebGPU/);
  const first = await ask(user(CAPITAL));
  expect(first.text).toContain('Paris');
  expect(first.usage.cachedTokens).toBe(0);
  const next = await ask(user(CAPITAL), { role: 'assistant', content: first.text }, user('And of Italy?'));
  expect(next.text).toContain('Rome');
  expect(next.usage.cachedTokens).toBeGreaterThanOrEqual(first.usage.promptTokens - 1);
  const images = [await tinyPicture('red-circle.png')];
  const seen = await ask({ ...user('What does this picture show?'), images });
  expect(seen.text).toContain('red circle');
  expect(seen.usage.cachedTokens).toBeGreaterThan(0);
  // What it remembers lies in the GPU's memory, which no garbage collector gives back.
  const given = vi.spyOn(Tensor.prototype, 'dispose');
  expect(await engine.load(LOAD_TINY)).toMatchObject({ runsOn: 'wasm', placeLabel: 'WASM, 1 thread' });
  expect(given.mock.contexts.length).toBeGreaterThan(0);
  given.mockRestore();
  expect((await ask(user(CAPITAL))).text).toBe(first.text);
});

test('a model in 16 bits is refused where the shaders have none', async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  expect(adapter?.features.has('shader-f16')).toBe(false);
  const model = { ...TINY_VLM, id: 'halves', needs: { ...TINY_VLM.needs, shaderF16: true } };
  await expect(engine.load({ ...ON_GPU, model })).rejects.toMatchObject({
    code: 'capability/webgpu-missing',
    details: { feature: 'shader-f16' },
  });
});
