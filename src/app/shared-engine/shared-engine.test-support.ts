import { createTabs } from '#core/jobs/tabs.test-support.ts';
import { type BigramEngine, createBigramEngine } from '#core/models/bigram-engine.test-support.ts';
import { codeOf, collect, deferred, GREEDY } from '#core/models/engine-room.test-support.ts';
import { createEngineRoom, type EngineNews, planFit, type SharedEngineRoom } from '#core/models/index.ts';
import { RECORDED } from '#core/models/recorded-machines.test-support.ts';
import {
  BGE_SMALL,
  QWEN_1_5B,
  SMOLLM2_135M,
  SMOLLM2_360M,
} from '#core/models/sample-catalog.test-support.ts';
import type { GenerateEvent } from '#core/ports/chat-engine.ts';
import type { EngineRoomSubject } from '#core/ports/engine-room.conformance.ts';
import type { Locks } from '#core/ports/locks.ts';
import { createSharedEngine, type SharedEngine } from './shared-engine.ts';

export { codeOf, collect, deferred, GREEDY, SMOLLM2_135M, SMOLLM2_360M };

const MODELS = [SMOLLM2_135M, SMOLLM2_360M, QWEN_1_5B, BGE_SMALL];

export interface EngineTab {
  readonly shared: SharedEngine;
  readonly room: SharedEngineRoom;
  /** This tab's own worker: what runs here and nowhere else. */
  readonly worker: BigramEngine;
  readonly news: EngineNews[];
  /** As when the tab is closed: nothing of it is heard any more, its locks are free. */
  kill(): void;
}

function machine() {
  const found = RECORDED.find(([label]) => label.startsWith('NVIDIA RTX 3060'));
  if (!found) throw new Error('no such machine');
  return found[1];
}

interface TabParts {
  readonly name: string;
  readonly locks: Locks;
  readonly channel: BroadcastChannel;
  readonly settings: Map<string, unknown>;
  readonly onKill: () => void;
}

export function createEngineTab({ name, locks, channel, settings, onKill }: TabParts): EngineTab {
  const worker = createBigramEngine({ gpuBytes: 6e9, cpuBytes: 4e9 });
  let isAlive = true;
  const shared = createSharedEngine({
    local: worker,
    locks,
    tabId: name,
    channel: {
      postMessage: (message) => isAlive && channel.postMessage(message),
      addEventListener: (type, listener) =>
        channel.addEventListener(type, (event) => isAlive && listener(event as MessageEvent)),
      removeEventListener: (type, listener) =>
        channel.removeEventListener(type, listener as unknown as EventListener),
    },
  });
  const room = createEngineRoom({
    engine: shared.engine,
    models: async (id) => MODELS.find((model) => model.id === id),
    isStored: async (id) => id !== QWEN_1_5B.id,
    plan: async (model, options) => planFit(model, machine(), options),
    settings: {
      get: async (key) => settings.get(key),
      set: async (key, value) => void settings.set(key, value),
    },
    onStepDown: async () => false,
  });
  const news: EngineNews[] = [];
  shared.onNews((latest) => news.push(latest));
  shared.onNews(room.adopt);
  return {
    shared,
    room,
    worker,
    news,
    kill() {
      isAlive = false;
      channel.close();
      onKill();
    },
  };
}

/** A browser with tabs over one set of locks and one channel. */
export function createBrowser() {
  const tabs = createTabs();
  const channelName = `engine-${crypto.randomUUID()}`;
  const settings = new Map<string, unknown>();
  const open: EngineTab[] = [];
  return {
    open(name: string): EngineTab {
      const { locks, kill } = tabs.open(name);
      const tab = createEngineTab({
        name,
        locks,
        settings,
        channel: new BroadcastChannel(channelName),
        onKill: kill,
      });
      open.push(tab);
      return tab;
    },
    quit() {
      for (const tab of open) tab.kill();
    },
  };
}

/** A tab's room for the port's suite; the engine runs in `owner`, which may be another tab. */
export function roomSubject(tab: EngineTab, owner: EngineTab, close: () => void): EngineRoomSubject {
  return {
    room: tab.room,
    first: SMOLLM2_135M,
    second: SMOLLM2_360M,
    absent: QWEN_1_5B,
    embedder: BGE_SMALL,
    holdLoads: owner.worker.holdLoads,
    loseDevice: owner.worker.loseDevice,
    isEngineEmpty: () => owner.worker.heldBytes() === 0,
    close,
  };
}

/** Makes this tab the one that runs the engine, with nothing in it. */
export async function becomeOwner({ shared }: EngineTab): Promise<void> {
  await shared.engine.unload({ modelId: 'nothing' });
}

/** Resolves when the room's state is the wanted one. */
export function untilState(room: SharedEngineRoom, status: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (room.state().status !== status) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = room.subscribe(look);
    look();
  });
}

/** Reads an answer; `firstWord` resolves when it has begun. */
export function read(answer: AsyncIterable<GenerateEvent>) {
  const begun = deferred();
  let text = '';
  const ended = (async () => {
    for await (const event of answer) {
      if (event.type !== 'text-delta') continue;
      text += event.text;
      begun.resolve();
    }
    return text;
  })();
  ended.catch(() => undefined);
  return { ended, firstWord: begun.promise, text: () => text };
}
