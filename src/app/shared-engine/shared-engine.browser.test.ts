import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeEngineRoom } from '#core/ports/engine-room.conformance.ts';
import type { Locks } from '#core/ports/locks.ts';
import {
  becomeOwner,
  codeOf,
  createEngineTab,
  type EngineTab,
  GREEDY,
  read,
  roomSubject,
  SMOLLM2_135M,
  untilState,
} from './shared-engine.test-support.ts';

const endless = {
  modelId: SMOLLM2_135M.id,
  messages: [{ role: 'user' as const, content: 'the cat saw the cat saw the' }],
  sampling: GREEDY,
};
const three = { ...endless, sampling: { ...GREEDY, maxTokens: 3 } };

/** The locks of one frame: the browser frees them when the frame is removed, as it does for a closed tab. */
function locksOf(frame: Window & typeof globalThis, prefix: string): Locks {
  const full = (name: string): string => `${prefix}:${name}`;
  return {
    tryHold: (name, body) =>
      frame.navigator.locks.request(full(name), { ifAvailable: true }, async (lock) => {
        if (lock === null) return false;
        await body();
        return true;
      }),
    hold: (name, body, signal) => frame.navigator.locks.request(full(name), signal ? { signal } : {}, body),
    isHeld: async (name) =>
      (await frame.navigator.locks.query()).held?.some((lock) => lock.name === full(name)) ?? false,
  };
}

const settings = new Map<string, unknown>();
let prefix = '';
let tabs: EngineTab[] = [];

function open(name: string): EngineTab {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const { contentWindow } = frame;
  if (contentWindow === null) throw new Error('no window');
  const inside = contentWindow as Window & typeof globalThis;
  const tab = createEngineTab({
    name,
    locks: locksOf(inside, prefix),
    channel: new inside.BroadcastChannel(prefix),
    settings,
    onKill: () => frame.remove(),
  });
  tabs.push(tab);
  return tab;
}

beforeEach(() => {
  prefix = `engine-${crypto.randomUUID()}`;
  settings.clear();
  tabs = [];
});
afterEach(() => {
  for (const tab of tabs) tab.kill();
});

describeEngineRoom('a tab that borrows the engine over the browser’s own locks and channel', async () => {
  const owner = open('owner');
  await becomeOwner(owner);
  return roomSubject(open('guest'), owner, () => {});
});

test('over the browser’s own locks and channel: borrow, close the owner, take over', async () => {
  const a = open('a');
  await a.room.load(SMOLLM2_135M.id);
  const b = open('b');
  await untilState(b.room, 'ready');
  expect(await read(b.room.engine.generate(three)).ended).toBe('cat saw the ');
  expect(b.worker.log).toEqual([]);
  const answer = read(b.room.engine.generate(endless));
  await answer.firstWord;
  a.kill();
  expect(await codeOf(answer.ended)).toBe('worker/crashed');
  await b.room.whenReady();
  expect(await read(b.room.engine.generate(three)).ended).toBe('cat saw the ');
  expect(b.worker.log[0]).toContain('load');
});

test('a closed guest leaves no answer running', async () => {
  const a = open('a');
  await a.room.load(SMOLLM2_135M.id);
  const b = open('b');
  await untilState(b.room, 'ready');
  await read(b.room.engine.generate(endless)).firstWord;
  b.kill();
  expect(await read(a.room.engine.generate(three)).ended).toBe('cat saw the ');
});
