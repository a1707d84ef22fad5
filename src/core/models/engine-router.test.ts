import { describe, expect, it } from 'vitest';
import type { ChatEngine, LoadRequest } from '#core/ports/chat-engine.ts';
import { createBigramEngine } from './bigram-engine.test-support.ts';
import { codeOf, collect, deferred, GREEDY, ON_GPU, ONLY_GPU } from './engine-room.test-support.ts';
import { createEngineRouter } from './engine-router.ts';
import { SMOLLM2_135M, SMOLLM2_360M } from './sample-catalog.test-support.ts';

const POOL = { gpuBytes: 6e9, cpuBytes: 4e9 };
const WITHOUT_MEMORY = { gpuBytes: 0, cpuBytes: 0 };

const onCpu = (model: LoadRequest['model']): LoadRequest => ({
  model,
  contextTokens: 1024,
  device: 'cpu',
  threads: 2,
});
const onGpu = (model: LoadRequest['model']): LoadRequest => ({ ...onCpu(model), device: 'gpu' });
const REMOTE = { ...SMOLLM2_135M, id: 'a-server', engine: 'openai' } as const;

function setUp(pool = POOL) {
  const wllama = createBigramEngine(POOL);
  const webllm = createBigramEngine(pool);
  const made: string[] = [];
  const make = (name: string, engine: ChatEngine) => async () => {
    made.push(name);
    return engine;
  };
  const router = createEngineRouter({ wllama: make('wllama', wllama), webllm: make('webllm', webllm) });
  return { router, wllama, webllm, made };
}

const ask = (modelId: string) => ({
  modelId,
  messages: [{ role: 'user' as const, content: 'the cat saw the cat saw the' }],
  sampling: { ...GREEDY, maxTokens: 2 },
});

describe('engine router', () => {
  it('makes an engine at its first use, and only once', async () => {
    const { router, made } = setUp();
    expect(made).toEqual([]);
    await router.load(onCpu(SMOLLM2_135M));
    await router.load(onCpu(SMOLLM2_360M));
    expect(made).toEqual(['wllama']);
    await router.load(onGpu(ONLY_GPU));
    expect(made).toEqual(['wllama', 'webllm']);
  });

  it('gives the model of one engine up before another engine loads', async () => {
    const { router, wllama, webllm } = setUp();
    await router.load(onCpu(SMOLLM2_135M));
    const held: number[] = [];
    await router.load(onGpu(ONLY_GPU), { onProgress: () => held.push(wllama.heldBytes()) });
    expect(held.length).toBeGreaterThan(0);
    expect(Math.max(...held)).toBe(0);
    expect(wllama.log.at(-1)).toBe(`unload ${SMOLLM2_135M.id}`);
    await router.load(onGpu(ON_GPU));
    expect(webllm.heldBytes()).toBe(0);
    expect(wllama.heldBytes()).toBeGreaterThan(0);
  });

  it('asks the engine that has the model, and no other', async () => {
    const { router, wllama, webllm } = setUp();
    await router.load(onCpu(SMOLLM2_135M));
    await router.load(onGpu(ONLY_GPU));
    const events = await collect(router.generate(ask(ONLY_GPU.id)));
    expect(events.map(({ type }) => type)).toEqual(['text-delta', 'text-delta', 'finish']);
    expect(webllm.log.at(-1)).toBe(`end ${ONLY_GPU.id} after text`);
    expect(wllama.log.some((line) => line.startsWith('end'))).toBe(false);
    const counted = await router.countTokens({ modelId: ONLY_GPU.id, messages: ask('').messages });
    expect(counted.total).toBe(7);
    expect(await codeOf(collect(router.generate(ask(SMOLLM2_135M.id))))).toBe('model/not-found');
    expect(await codeOf(router.countTokens({ modelId: SMOLLM2_135M.id, messages: [] }))).toBe(
      'model/not-found',
    );
  });

  it('has no model after a load that failed, whichever engine had one', async () => {
    const { router, wllama } = setUp(WITHOUT_MEMORY);
    await router.load(onCpu(SMOLLM2_135M));
    expect(await codeOf(router.load(onGpu(ONLY_GPU)))).toBe('capability/webgpu-missing');
    expect(wllama.heldBytes()).toBe(0);
    expect(await codeOf(collect(router.generate(ask(SMOLLM2_135M.id))))).toBe('model/not-found');
    await router.load(onCpu(SMOLLM2_135M));
    expect(await codeOf(collect(router.generate(ask(SMOLLM2_135M.id))))).toBe('resolved');
  });

  it('never loads in two engines at once', async () => {
    const { router, wllama, webllm } = setUp();
    const hold = deferred();
    wllama.holdLoads(hold.promise);
    const first = router.load(onCpu(SMOLLM2_135M));
    const second = router.load(onGpu(ONLY_GPU));
    while (wllama.log.length === 0) await Promise.resolve();
    expect(webllm.log).toEqual([]);
    hold.resolve();
    await Promise.all([first, second]);
    expect(wllama.heldBytes()).toBe(0);
    expect(webllm.heldBytes()).toBeGreaterThan(0);
  });

  it('a load that gives up its place leaves the loaded model alone', async () => {
    const { router } = setUp();
    await router.load(onCpu(SMOLLM2_135M));
    const gaveUp = router.load(onGpu(ONLY_GPU), { signal: AbortSignal.abort() });
    expect(await codeOf(gaveUp)).toBe('abort/by-user');
    expect(await codeOf(collect(router.generate(ask(SMOLLM2_135M.id))))).toBe('resolved');
  });

  it('unloads what is loaded; anything else is nothing to do', async () => {
    const { router, wllama } = setUp();
    await router.unload({ modelId: SMOLLM2_135M.id });
    await router.load(onCpu(SMOLLM2_135M));
    await router.unload({ modelId: 'another' });
    expect(wllama.heldBytes()).toBeGreaterThan(0);
    await router.unload({ modelId: SMOLLM2_135M.id });
    expect(wllama.heldBytes()).toBe(0);
    expect(await codeOf(collect(router.generate(ask(SMOLLM2_135M.id))))).toBe('model/not-found');
  });

  it('refuses an engine that it does not have', async () => {
    const { router } = setUp();
    expect(await codeOf(router.load(onCpu(REMOTE)))).toBe('input/unsupported');
  });

  it('an engine that could not be fetched is fetched again at the next load', async () => {
    const wllama = createBigramEngine(POOL);
    let isOnline = false;
    const router = createEngineRouter({
      wllama: async () => {
        if (!isOnline) throw new TypeError('Failed to fetch dynamically imported module');
        return wllama;
      },
    });
    expect(await codeOf(router.load(onCpu(SMOLLM2_135M)))).toBe('model/load-failed');
    isOnline = true;
    expect(await codeOf(router.load(onCpu(SMOLLM2_135M)))).toBe('resolved');
  });
});
