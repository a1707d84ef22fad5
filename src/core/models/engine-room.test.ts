import { beforeEach, describe, expect, it } from 'vitest';
import { describeEngineRoom } from '#core/ports/engine-room.conformance.ts';
import { codeOf, collect, deferred, GREEDY, ON_GPU, setUp } from './engine-room.test-support.ts';
import { BGE_SMALL, QWEN_1_5B, SMOLLM2_135M, SMOLLM2_360M } from './sample-catalog.test-support.ts';

describeEngineRoom('a room over an engine of its own', async () => {
  const { room, engine, storedIds } = setUp();
  storedIds.delete(QWEN_1_5B.id);
  return {
    room,
    first: SMOLLM2_135M,
    second: SMOLLM2_360M,
    absent: QWEN_1_5B,
    embedder: BGE_SMALL,
    holdLoads: engine.holdLoads,
    loseDevice: engine.loseDevice,
    isEngineEmpty: () => engine.heldBytes() === 0,
  };
});

let s: ReturnType<typeof setUp>;
beforeEach(() => {
  s = setUp();
});

describe('engine room: loading', () => {
  it('loads as planned, reports progress, and remembers the model', async () => {
    const phases: string[] = [];
    const ready = await s.room.load(SMOLLM2_135M.id, { onProgress: (event) => phases.push(event.phase) });
    expect(ready.loaded).toMatchObject({
      modelId: SMOLLM2_135M.id,
      contextTokens: 4096,
      runsOn: 'wasm',
      threads: 11,
    });
    expect(s.states).toEqual(['loading', 'ready']);
    expect(phases).toContain('load');
    expect(s.settings.get('models.lastUsed')).toEqual({ modelId: SMOLLM2_135M.id });
  });

  it('keeps to a wanted context and device', async () => {
    const { loaded } = await s.room.load(ON_GPU.id, { contextTokens: 2048, device: 'cpu' });
    expect(loaded).toMatchObject({ contextTokens: 2048, runsOn: 'wasm' });
  });

  it.each([
    ['unknown', 'no-such-model', 'model/not-found'],
    ['not stored', QWEN_1_5B.id, 'model/not-found'],
    ['not a chat model', BGE_SMALL.id, 'input/unsupported'],
  ])('refuses a model that is %s and keeps what is loaded', async (_, id, code) => {
    s.storedIds.delete(QWEN_1_5B.id);
    await s.room.load(SMOLLM2_135M.id);
    expect(await codeOf(s.room.load(id))).toBe(code);
    expect(s.room.state()).toMatchObject({ status: 'ready', model: { id: SMOLLM2_135M.id } });
  });

  it('does nothing for what is loaded already', async () => {
    await s.room.load(SMOLLM2_135M.id);
    await s.room.load(SMOLLM2_135M.id);
    await s.room.load(SMOLLM2_135M.id, { contextTokens: 4096 });
    expect(s.engine.log).toHaveLength(1);
    await s.room.load(SMOLLM2_135M.id, { contextTokens: 2048 });
    expect(s.engine.log).toHaveLength(2);
  });

  it('joins two wishes for the same model; one of them giving up does not end the other', async () => {
    const hold = deferred();
    s.engine.holdLoads(hold.promise);
    const abort = new AbortController();
    const first = s.room.load(SMOLLM2_135M.id, { signal: abort.signal });
    const second = s.room.load(SMOLLM2_135M.id);
    abort.abort();
    expect(await codeOf(first)).toBe('abort/by-user');
    hold.resolve();
    expect((await second).model.id).toBe(SMOLLM2_135M.id);
    expect(s.engine.log).toHaveLength(1);
  });

  it('the latest wish wins; loads never overlap', async () => {
    const wishes = [SMOLLM2_135M, QWEN_1_5B, SMOLLM2_360M].map(({ id }) => codeOf(s.room.load(id)));
    expect(await Promise.all(wishes)).toEqual(['abort/by-user', 'abort/by-user', 'resolved']);
    expect(s.room.state()).toMatchObject({ status: 'ready', model: { id: SMOLLM2_360M.id } });
    expect(s.engine.log.at(-1)).toContain(SMOLLM2_360M.id);
  });

  it('a cancelled load leaves nothing behind and the room usable', async () => {
    const abort = new AbortController();
    const load = codeOf(s.room.load(QWEN_1_5B.id, { signal: abort.signal }));
    abort.abort();
    expect(await load).toBe('abort/by-user');
    await s.room.unload();
    expect(s.room.state().status).toBe('none');
    expect(s.engine.heldBytes()).toBe(0);
    await s.room.load(SMOLLM2_135M.id);
    expect(s.room.state().status).toBe('ready');
  });

  it('unloads', async () => {
    await s.room.load(SMOLLM2_135M.id);
    await s.room.unload();
    expect(s.room.state()).toEqual({ status: 'none' });
    expect(s.engine.heldBytes()).toBe(0);
  });
});

describe('engine room: answers', () => {
  const messages = [{ role: 'user' as const, content: 'the cat saw the cat saw the' }];

  it('a switch stops the running answer first', async () => {
    await s.room.load(SMOLLM2_135M.id);
    let text = '';
    const answer = (async () => {
      for await (const event of s.room.engine.generate({
        modelId: SMOLLM2_135M.id,
        messages,
        sampling: GREEDY,
      })) {
        if (event.type === 'text-delta') text += event.text;
      }
    })();
    const ended = codeOf(answer);
    while (text === '') await new Promise((resolve) => setTimeout(resolve, 1));
    await s.room.load(SMOLLM2_360M.id);
    expect(await ended).toBe('abort/by-user');
    expect(text).toMatch(/^cat /);
    const log = s.engine.log;
    expect(log.indexOf(`end ${SMOLLM2_135M.id} after text`)).toBeLessThan(
      log.findIndex((line) => line.includes(`load ${SMOLLM2_360M.id}`)),
    );
  });

  it('a lost device shows as failed, and the next question loads the model again', async () => {
    await s.room.load(ON_GPU.id);
    s.engine.loseDevice();
    const request = { modelId: ON_GPU.id, messages, sampling: { ...GREEDY, maxTokens: 3 } };
    expect(await codeOf(collect(s.room.engine.generate(request)))).toBe('model/device-lost');
    expect(s.room.state()).toMatchObject({ status: 'failed', error: { code: 'model/device-lost' } });
    await s.room.whenReady();
    const events = await collect(s.room.engine.generate(request));
    expect(events.map((event) => event.type)).toEqual(['text-delta', 'text-delta', 'text-delta', 'finish']);
  });
});
