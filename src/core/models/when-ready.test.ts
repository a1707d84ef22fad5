import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, deferred, setUp } from './engine-room.test-support.ts';
import { QWEN_1_5B, SMOLLM2_135M, SMOLLM2_360M } from './sample-catalog.test-support.ts';

let s: ReturnType<typeof setUp>;
beforeEach(() => {
  s = setUp();
});

describe('engine room: whenReady', () => {
  it('gives what is ready', async () => {
    await s.room.load(SMOLLM2_135M.id);
    expect((await s.room.whenReady()).model.id).toBe(SMOLLM2_135M.id);
  });

  it('loads the last used model as it ran', async () => {
    s.settings.set('models.lastUsed', { modelId: QWEN_1_5B.id, contextTokens: 2048 });
    expect((await s.room.whenReady()).loaded).toMatchObject({ modelId: QWEN_1_5B.id, contextTokens: 2048 });
  });

  it.each([
    ['a broken row', 'nonsense'],
    ['a model that is gone', { modelId: 'deleted' }],
  ])('waits for the user after %s', async (_, row) => {
    s.settings.set('models.lastUsed', row);
    const waiting = s.room.whenReady();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(s.room.state().status).toBe('none');
    await s.room.load(SMOLLM2_135M.id);
    expect((await waiting).model.id).toBe(SMOLLM2_135M.id);
  });

  it('a question waits through a change of mind and a cancelled load', async () => {
    const hold = deferred();
    s.engine.holdLoads(hold.promise);
    const first = codeOf(s.room.load(QWEN_1_5B.id));
    const waiting = s.room.whenReady();
    const second = s.room.load(SMOLLM2_135M.id);
    hold.resolve();
    expect(await first).toBe('abort/by-user');
    expect((await second).model.id).toBe(SMOLLM2_135M.id);
    expect((await waiting).model.id).toBe(SMOLLM2_135M.id);
  });

  it('a question that is taken back does not end the load that the user asked for', async () => {
    const abort = new AbortController();
    const load = s.room.load(SMOLLM2_135M.id);
    const waiting = codeOf(s.room.whenReady({ signal: abort.signal }));
    abort.abort();
    expect(await waiting).toBe('abort/by-user');
    expect((await load).model.id).toBe(SMOLLM2_135M.id);
  });

  it('rejects with the reason of a load that failed', async () => {
    const t = setUp({ cpuBytes: 1e6, says: false });
    const load = codeOf(t.room.load(SMOLLM2_135M.id));
    const waiting = codeOf(t.room.whenReady());
    expect(await load).toBe('model/out-of-memory');
    expect(await waiting).toBe('model/out-of-memory');
    expect(await codeOf(t.room.whenReady())).toBe('model/out-of-memory');
  });

  it('switches to the model that a thread wants', async () => {
    await s.room.load(SMOLLM2_135M.id);
    expect((await s.room.whenReady({ modelId: QWEN_1_5B.id })).model.id).toBe(QWEN_1_5B.id);
    s.storedIds.delete(SMOLLM2_360M.id);
    expect(await codeOf(s.room.whenReady({ modelId: SMOLLM2_360M.id }))).toBe('model/not-found');
    expect(s.room.state()).toMatchObject({ status: 'ready', model: { id: QWEN_1_5B.id } });
  });
});
