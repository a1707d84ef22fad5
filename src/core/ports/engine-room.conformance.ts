import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAbort } from '#shared/errors.ts';
import type { GenerateRequest } from './chat-engine.ts';
import type { EngineRoom, EngineState } from './engine-room.ts';
import type { ModelSpec } from './model.ts';

export interface EngineRoomSubject {
  /** Nothing is loaded, and nothing was ever used. */
  readonly room: EngineRoom;
  /** Two stored chat models that fit. */
  readonly first: ModelSpec;
  readonly second: ModelSpec;
  /** Known, but not on this device. */
  readonly absent: ModelSpec;
  /** On this device, but no chat model. */
  readonly embedder: ModelSpec;
  /** Loads wait in the engine, after their first progress, until the promise resolves. */
  readonly holdLoads: (until: Promise<void>) => void;
  /** Ends the device under what is loaded; the engine finds out at the next call. */
  readonly loseDevice: () => void;
  /** What the engine, wherever it runs, holds now. */
  readonly isEngineEmpty: () => boolean;
  readonly close?: () => void;
}

/** A promise and what settles it. */
function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: { readonly code?: string }) => error.code ?? error,
  );

/** Each tab's room runs this, over an engine of its own and over one that another tab runs. */
export function describeEngineRoom(name: string, create: () => Promise<EngineRoomSubject>): void {
  describe(`${name} as an engine room`, () => {
    let subject: EngineRoomSubject;
    let room: EngineRoom;
    let seen: EngineState['status'][];

    beforeEach(async () => {
      subject = await create();
      room = subject.room;
      seen = [];
      room.subscribe(() => {
        const { status } = room.state();
        if (seen.at(-1) !== status) seen.push(status);
      });
    });
    afterEach(() => subject.close?.());

    function until(status: EngineState['status']): Promise<void> {
      return new Promise((resolve) => {
        const look = (): void => {
          if (room.state().status !== status) return;
          stop();
          resolve();
        };
        const stop = room.subscribe(look);
        look();
      });
    }

    const question = (model: ModelSpec, maxTokens: number): GenerateRequest => ({
      modelId: model.id,
      messages: [{ role: 'user', content: 'the cat saw the cat saw the' }],
      sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1, maxTokens, stop: [] },
    });

    async function answer(model: ModelSpec, maxTokens = 3): Promise<string> {
      let text = '';
      for await (const event of room.engine.generate(question(model, maxTokens)))
        if (event.type === 'text-delta') text += event.text;
      return text;
    }

    test('begins empty; a load tells its progress, and what is ready is the state', async () => {
      expect(room.state()).toEqual({ status: 'none' });
      const phases = new Set<string>();
      const ready = await room.load(subject.first.id, { onProgress: ({ phase }) => phases.add(phase) });
      expect(ready.model).toEqual(subject.first);
      expect(ready.loaded.modelId).toBe(subject.first.id);
      expect([...phases]).toEqual(['load']);
      await until('ready');
      expect(room.state()).toEqual({ status: 'ready', ...ready });
      expect(seen).toEqual(['loading', 'ready']);
      expect(await answer(subject.first)).not.toBe('');
    });

    test('who has unsubscribed hears nothing any more', async () => {
      let count = 0;
      const stop = room.subscribe(() => {
        count += 1;
      });
      stop();
      await room.load(subject.first.id);
      expect(count).toBe(0);
    });

    test('keeps to a wanted context and device', async () => {
      const { loaded } = await room.load(subject.first.id, { contextTokens: 1024, device: 'cpu' });
      expect(loaded).toMatchObject({ contextTokens: 1024, runsOn: 'wasm' });
    });

    test('refuses what is unknown, not here, or no chat model, and keeps what is loaded', async () => {
      await room.load(subject.first.id);
      expect(await outcome(room.load('no-such-model'))).toBe('model/not-found');
      expect(await outcome(room.load(subject.absent.id))).toBe('model/not-found');
      expect(await outcome(room.load(subject.embedder.id))).toBe('input/unsupported');
      expect(room.state()).toMatchObject({ status: 'ready', model: { id: subject.first.id } });
      expect(await answer(subject.first)).not.toBe('');
    });

    test('what is loaded is not loaded again', async () => {
      const before = await room.load(subject.first.id);
      seen.length = 0;
      expect(await room.load(subject.first.id)).toEqual(before);
      expect(await room.whenReady()).toEqual(before);
      expect(await room.whenReady({ modelId: subject.first.id })).toEqual(before);
      expect(seen).not.toContain('loading');
    });

    test('two who wish the same share one load; one of them giving up does not end it', async () => {
      const gate = createGate();
      subject.holdLoads(gate.opened);
      const abort = new AbortController();
      const first = outcome(room.load(subject.first.id, { signal: abort.signal }));
      const second = room.load(subject.first.id);
      abort.abort();
      expect(await first).toBe('abort/by-user');
      gate.open();
      expect((await second).model.id).toBe(subject.first.id);
    });

    test('of several wishes the latest wins', async () => {
      const wishes = [subject.first, subject.second, subject.first].map(({ id }) => outcome(room.load(id)));
      expect(await Promise.all(wishes)).toEqual(['abort/by-user', 'abort/by-user', 'resolved']);
      expect(room.state()).toMatchObject({ status: 'ready', model: { id: subject.first.id } });
    });

    test('a load that is cancelled leaves nothing behind and the room usable', async () => {
      const gate = createGate();
      subject.holdLoads(gate.opened);
      const abort = new AbortController();
      const load = outcome(room.load(subject.first.id, { signal: abort.signal }));
      await until('loading');
      abort.abort();
      expect(await load).toBe('abort/by-user');
      gate.open();
      await until('none');
      await room.unload();
      expect(subject.isEngineEmpty()).toBe(true);
      const aborted = outcome(room.load(subject.first.id, { signal: abort.signal }));
      expect(await aborted).toBe('abort/by-user');
      expect((await room.load(subject.second.id)).model.id).toBe(subject.second.id);
    });

    test('unloads; with nothing loaded that is no error', async () => {
      await room.unload();
      await room.load(subject.first.id);
      await room.unload();
      expect(room.state()).toEqual({ status: 'none' });
      expect(subject.isEngineEmpty()).toBe(true);
      expect(await outcome(answer(subject.first))).toBe('model/not-found');
    });

    test('another model stops the running answer first', async () => {
      await room.load(subject.first.id);
      const begun = createGate();
      const running = outcome(
        (async () => {
          for await (const _ of room.engine.generate(question(subject.first, 0))) begun.open();
        })(),
      );
      await begun.opened;
      await room.load(subject.second.id);
      expect(await running).toBe('abort/by-user');
      expect(await answer(subject.second)).not.toBe('');
    });

    test('a question that is asked early waits for what the user loads, and can be taken back', async () => {
      const abort = new AbortController();
      const takenBack = room.whenReady({ signal: abort.signal }).catch((error: unknown) => error);
      const waiting = room.whenReady();
      abort.abort();
      expect(isAbort(await takenBack)).toBe(true);
      const ready = await room.load(subject.second.id);
      expect(await waiting).toEqual(ready);
    });

    test('with nothing loaded a question loads what was used last, or what it asks for', async () => {
      await room.load(subject.second.id);
      await room.load(subject.first.id);
      await room.unload();
      expect((await room.whenReady()).model.id).toBe(subject.first.id);
      expect((await room.whenReady({ modelId: subject.second.id })).model.id).toBe(subject.second.id);
      expect(await outcome(room.whenReady({ modelId: subject.absent.id }))).toBe('model/not-found');
    });

    test('a lost device is said, and the next question loads the model again', async () => {
      await room.load(subject.first.id);
      subject.loseDevice();
      expect(await outcome(answer(subject.first))).toBe('model/device-lost');
      await until('failed');
      expect(room.state()).toMatchObject({
        model: { id: subject.first.id },
        error: { code: 'model/device-lost' },
      });
      expect((await room.whenReady()).model.id).toBe(subject.first.id);
      expect(await answer(subject.first)).not.toBe('');
    });
  });
}
