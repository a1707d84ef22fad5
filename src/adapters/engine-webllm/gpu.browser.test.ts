import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatEngine, GenerateEvent, GenerateRequest } from '#core/ports/chat-engine.ts';
import type { AppError } from '#shared/errors.ts';
import { createWebllmEngine } from './index.ts';
import { LOAD_SMOL, SMOL, sampleFiles } from './sample-model.test-support.ts';

const QUESTION: GenerateRequest = {
  modelId: SMOL.id,
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
  sampling: {
    temperature: 0,
    topP: 1,
    topK: 0,
    minP: 0,
    repetitionPenalty: 1,
    maxTokens: 6,
    stop: [],
  },
};

async function collect(events: AsyncIterable<GenerateEvent>): Promise<readonly GenerateEvent[]> {
  const all: GenerateEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const textOf = (events: readonly GenerateEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing was thrown';
  } catch (error) {
    return (error as AppError).code ?? String(error);
  }
}

describe('engine-webllm and the graphics processor', () => {
  const devices: GPUDevice[] = [];
  const losses: Promise<GPUDeviceLostInfo>[] = []; // the engine hides them from the library, and so from the device
  const { requestDevice } = GPUAdapter.prototype;
  let engine: ChatEngine;

  beforeAll(async () => {
    GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
      const device = await requestDevice.call(this, descriptor);
      devices.push(device);
      losses.push(device.lost);
      return device;
    };
    engine = createWebllmEngine({ openFile: await sampleFiles() });
  });

  afterAll(async () => {
    GPUAdapter.prototype.requestDevice = requestDevice;
    await engine.unload({ modelId: SMOL.id });
  });

  test('a browser without WebGPU is told so, before a file is read', async () => {
    const gpu = Object.getOwnPropertyDescriptor(Navigator.prototype, 'gpu');
    const opened: string[] = [];
    const blind = createWebllmEngine({
      openFile: async (_id, path) => {
        opened.push(path);
        return new File([], path);
      },
    });
    Object.defineProperty(Navigator.prototype, 'gpu', { configurable: true, get: () => undefined });
    try {
      expect(await codeOf(blind.load(LOAD_SMOL))).toBe('capability/webgpu-missing');
      expect(opened).toEqual([]);
    } finally {
      if (gpu) Object.defineProperty(Navigator.prototype, 'gpu', gpu);
    }
  });

  test('a missing 16-bit feature is said with the name of the variant that runs', async () => {
    const model = { ...SMOL, id: 'Tiny-1B-q4f16_1-MLC', needs: { ...SMOL.needs, shaderF16: true } };
    await expect(engine.load({ ...LOAD_SMOL, model })).rejects.toMatchObject({
      code: 'capability/webgpu-missing',
      message: expect.stringContaining('Tiny-1B-q4f32_1-MLC'),
    });
  });

  test('a load that is aborted while shaders compile gives its memory back', async () => {
    const abort = new AbortController();
    const phases = new Set<string>();
    const loading = engine.load(LOAD_SMOL, {
      signal: abort.signal,
      onProgress({ phase }) {
        phases.add(phase);
        if (phase === 'compile') abort.abort();
      },
    });
    expect(await codeOf(loading)).toBe('abort/by-user');
    expect([...phases]).toEqual(['load', 'compile']);
    expect(await codeOf(collect(engine.generate(QUESTION)))).toBe('model/not-found');
    expect(losses).toHaveLength(1);
    expect((await losses[0])?.reason).toBe('destroyed');
  });

  test('a loaded model is stored nowhere else, and the page’s own caches are as they were', async () => {
    const before = await caches.keys();
    const progress: string[] = [];
    const loaded = await engine.load(LOAD_SMOL, {
      onProgress: ({ phase, unit, done, total }) => progress.push(`${phase} ${unit} ${done === total}`),
    });
    expect(loaded).toMatchObject({ runsOn: 'webgpu', contextTokens: 512 });
    expect(loaded.placeLabel).toContain('in software');
    expect(progress).toContain('load bytes true');
    expect(progress).toContain('compile fraction true');
    expect(progress.at(-1)).toBe('warmup fraction true');
    expect(await caches.keys()).toEqual(before);
    const asked = performance.getEntriesByType('resource').map(({ name }) => name);
    expect(asked.filter((url) => url.includes('.invalid'))).toEqual([]);
  });

  test('settings that the engine lacks are named; after an abort the prompt is still in the cache', async () => {
    const sampling = { ...QUESTION.sampling, temperature: 0.1, topK: 40, minP: 0.05, seed: 7 };
    const events = await collect(engine.generate({ ...QUESTION, sampling }));
    expect(events[0]).toMatchObject({ type: 'warning', code: 'sampling-ignored' });
    const abort = new AbortController();
    const aborted = (async () => {
      for await (const _event of engine.generate(QUESTION, { signal: abort.signal })) abort.abort();
    })();
    expect(await codeOf(aborted)).toBe('abort/by-user');
    const again = (await collect(engine.generate(QUESTION))).at(-1);
    expect(again?.type === 'finish' && again.usage.cachedTokens).toBe(
      again?.type === 'finish' && again.usage.promptTokens - 1,
    );
  });

  test('a device that is destroyed in an answer ends it with model/device-lost; the model loads again', async () => {
    const running = (async () => {
      const sampling = { ...QUESTION.sampling, maxTokens: 100 };
      for await (const event of engine.generate({ ...QUESTION, sampling }))
        if (event.type === 'text-delta') devices.at(-1)?.destroy();
    })();
    expect(await codeOf(running)).toBe('model/device-lost');
    expect(await codeOf(collect(engine.generate(QUESTION)))).toBe('model/device-lost');
    await engine.load(LOAD_SMOL);
    expect(
      textOf(
        await collect(engine.generate({ ...QUESTION, sampling: { ...QUESTION.sampling, maxTokens: 10 } })),
      ),
    ).toContain('Paris');
  });
});
