import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeEngineRoom } from '#core/ports/engine-room.conformance.ts';
import {
  becomeOwner,
  codeOf,
  collect,
  createBrowser,
  deferred,
  GREEDY,
  read,
  roomSubject,
  SMOLLM2_135M,
  SMOLLM2_360M,
  untilState,
} from './shared-engine.test-support.ts';

describeEngineRoom('the tab that runs the shared engine', async () => {
  const tabs = createBrowser();
  const owner = tabs.open('owner');
  await becomeOwner(owner);
  return roomSubject(owner, owner, tabs.quit);
});

describeEngineRoom('a tab that borrows the engine', async () => {
  const tabs = createBrowser();
  const owner = tabs.open('owner');
  await becomeOwner(owner);
  return roomSubject(tabs.open('guest'), owner, tabs.quit);
});

const endless = {
  modelId: SMOLLM2_135M.id,
  messages: [{ role: 'user' as const, content: 'the cat saw the cat saw the' }],
  sampling: GREEDY,
};
const three = { ...endless, sampling: { ...GREEDY, maxTokens: 3 } };

let browser: ReturnType<typeof createBrowser>;
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.quit());

describe('one engine for all tabs', () => {
  it('a second tab shows the loaded model as ready and answers with it, loading nothing', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    const b = browser.open('b');
    await untilState(b.room, 'ready');
    expect(b.room.state()).toEqual(a.room.state());
    const ready = await b.room.whenReady();
    expect(ready.model.id).toBe(SMOLLM2_135M.id);
    expect(await read(b.room.engine.generate(three)).ended).toBe(
      await read(a.room.engine.generate(three)).ended,
    );
    expect(b.worker.log).toEqual([]);
    expect(a.worker.log.filter((line) => line.startsWith('load'))).toHaveLength(1);
    expect((await b.room.engine.countTokens(endless)).total).toBe(7);
  });

  it('of two tabs that ask at the same moment one loads', async () => {
    const [a, b] = [browser.open('a'), browser.open('b')];
    const loads = await Promise.all([a, b].map(({ room }) => room.load(SMOLLM2_135M.id)));
    expect(loads[0]).toEqual(loads[1]);
    expect([...a.worker.log, ...b.worker.log]).toHaveLength(1);
  });

  it('an answer goes on while another tab asks; the other waits for its turn', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    const b = browser.open('b');
    await untilState(b.room, 'ready');
    const stop = new AbortController();
    const first = read(a.room.engine.generate(endless, { signal: stop.signal }));
    await first.firstWord;
    const second = read(b.room.engine.generate(three));
    const atFirst = first.text().length;
    await expect.poll(() => first.text().length).toBeGreaterThan(atFirst + 40);
    expect(second.text()).toBe('');
    stop.abort();
    expect(await codeOf(first.ended)).toBe('abort/by-user');
    expect(await second.ended).toBe('cat saw the ');
  });

  it('stop in a guest stops the answer in the owner within a token, and the engine takes the next call', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    const b = browser.open('b');
    await untilState(b.room, 'ready');
    const stop = new AbortController();
    const answer = read(b.room.engine.generate(endless, { signal: stop.signal }));
    await answer.firstWord;
    stop.abort();
    expect(await codeOf(answer.ended)).toBe('abort/by-user');
    expect(await read(a.room.engine.generate(three)).ended).toBe('cat saw the ');
    expect(a.worker.log.filter((line) => line.startsWith('end'))).toHaveLength(2);
  });

  it('a switch in another tab stops the answer with words, and both tabs show the new model', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    const b = browser.open('b');
    await untilState(b.room, 'ready');
    const answer = read(a.room.engine.generate(endless));
    await answer.firstWord;
    await b.room.load(SMOLLM2_360M.id);
    await expect(answer.ended).rejects.toMatchObject({
      code: 'abort/by-user',
      message: expect.stringContaining(SMOLLM2_360M.label),
    });
    expect(a.room.state()).toMatchObject({ status: 'ready', model: { id: SMOLLM2_360M.id } });
    expect(b.room.state()).toEqual(a.room.state());
    expect(b.worker.log).toEqual([]);
  });

  it('progress of a load is shown in the other tab, and a question there waits for it', async () => {
    const [a, b] = [browser.open('a'), browser.open('b')];
    const hold = deferred();
    a.worker.holdLoads(hold.promise);
    const load = a.room.load(SMOLLM2_135M.id);
    await untilState(b.room, 'loading');
    await expect.poll(() => b.room.state()).toMatchObject({ progress: { phase: 'load' } });
    const waiting = b.room.whenReady();
    hold.resolve();
    expect((await waiting).loaded).toEqual((await load).loaded);
    expect(b.worker.log).toEqual([]);
  });

  it('another tab can unload, also while it loads', async () => {
    const [a, b] = [browser.open('a'), browser.open('b')];
    await a.room.load(SMOLLM2_135M.id);
    await untilState(b.room, 'ready');
    await b.room.unload();
    await untilState(a.room, 'none');
    expect(a.worker.heldBytes()).toBe(0);
    const hold = deferred();
    a.worker.holdLoads(hold.promise);
    const load = codeOf(a.room.load(SMOLLM2_135M.id));
    await untilState(b.room, 'loading');
    const unload = b.room.unload();
    hold.resolve();
    expect(await load).toBe('abort/by-user');
    await unload;
    expect([a.room.state().status, b.room.state().status]).toEqual(['none', 'none']);
    expect(a.worker.heldBytes()).toBe(0);
  });
});

describe('tabs that go', () => {
  it('the owner: running calls reject, and the next question loads the model in the tab that asks', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    const [b, c] = [browser.open('b'), browser.open('c')];
    await Promise.all([untilState(b.room, 'ready'), untilState(c.room, 'ready')]);
    const answer = read(b.room.engine.generate(endless));
    await answer.firstWord;
    a.kill();
    expect(await codeOf(answer.ended)).toBe('worker/crashed');
    await untilState(c.room, 'none');
    expect(await codeOf(collect(b.shared.engine.generate(three)))).toBe('worker/crashed');
    expect((await b.room.whenReady()).model.id).toBe(SMOLLM2_135M.id);
    expect(await read(b.room.engine.generate(three)).ended).toBe('cat saw the ');
    await untilState(c.room, 'ready');
    expect(await read(c.room.engine.generate(three)).ended).toBe('cat saw the ');
    expect(b.worker.log.filter((line) => line.startsWith('load'))).toHaveLength(1);
    expect(c.worker.log).toEqual([]);
  });

  it('the owner, in the middle of a load: the other tab, which waits for it, loads it itself', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    await a.room.unload();
    const b = browser.open('b');
    a.worker.holdLoads(new Promise(() => {}));
    void a.room.load(SMOLLM2_135M.id).catch(() => undefined);
    await untilState(b.room, 'loading');
    const waiting = b.room.whenReady();
    a.kill();
    expect((await waiting).model.id).toBe(SMOLLM2_135M.id);
    expect(b.worker.log.filter((line) => line.startsWith('load'))).toHaveLength(1);
  });

  it('a guest: its running answer is stopped, and nobody waits for it', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    const b = browser.open('b');
    await untilState(b.room, 'ready');
    const answer = read(b.room.engine.generate(endless));
    await answer.firstWord;
    const own = read(a.room.engine.generate(three));
    b.kill();
    expect(await own.ended).toBe('cat saw the ');
    expect(a.worker.log.filter((line) => line.startsWith('end'))).toHaveLength(2);
  });

  it('a lost GPU is told to all tabs, and the next question in any of them loads again', async () => {
    const a = browser.open('a');
    await a.room.load(SMOLLM2_135M.id);
    const b = browser.open('b');
    await untilState(b.room, 'ready');
    a.worker.loseDevice();
    expect(await codeOf(collect(b.room.engine.generate(three)))).toBe('model/device-lost');
    await untilState(a.room, 'failed');
    expect(b.room.state()).toMatchObject({ status: 'failed', error: { code: 'model/device-lost' } });
    await b.room.whenReady();
    await untilState(a.room, 'ready');
    expect(await read(a.room.engine.generate(three)).ended).toBe('cat saw the ');
  });
});
