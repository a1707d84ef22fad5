import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { pathTo, textOf } from '#core/chat/index.ts';
import { AppError } from '#shared/errors.ts';
import { until } from '#shared/until.test-support.ts';
import {
  ENDLESS,
  FINITE,
  makeChat,
  makeRoom,
  SMOLLM2_135M,
  SMOLLM2_360M,
  type TestChat,
  textsOf,
} from './chat.test-support.tsx';
import { lockOf } from './other-tabs.ts';

let chats: TestChat[] = [];
async function open(...args: Parameters<typeof makeChat>): Promise<TestChat> {
  const chat = await makeChat(...args);
  chats.push(chat);
  return chat;
}
let chat: TestChat;
beforeEach(async () => {
  chats = [];
  chat = await open();
  await chat.room.load(SMOLLM2_135M.id);
});
afterEach(async () => {
  for (const other of chats) await other.dispose();
});
const begun = (at: TestChat = chat) => until(() => textOf(at.answers().at(-1) ?? { parts: [] }).length > 20);
const shownPath = ({ state }: TestChat) => pathTo(state().messages, state().active?.activeLeafId ?? null);

describe('question and answer', () => {
  test('an answer is streamed, stored with its figures, and there after a reload', async () => {
    await chat.ask(FINITE);
    expect(textsOf(chat.answers())).toEqual(['red green blue end.']);
    const [answer] = chat.answers();
    expect(answer).toMatchObject({ status: 'complete', modelId: SMOLLM2_135M.id });
    expect(answer?.usage?.promptTokens).toBe(7);
    const reloaded = await open({ databaseName: chat.databaseName });
    const [thread] = reloaded.state().threads;
    expect(thread?.title).toBe('go red green blue end.');
    await reloaded.controller.open(thread?.id);
    expect(textsOf(reloaded.answers())).toEqual(textsOf(chat.answers()));
  });

  test('stop keeps the words; continue writes on in the same message, word for word', async () => {
    const asked = chat.ask(ENDLESS);
    await begun();
    await chat.controller.stop();
    await asked;
    const [stopped] = chat.answers();
    expect(stopped).toMatchObject({ status: 'stopped', finishReason: 'abort' });
    const before = textOf(stopped!);
    const goesOn = chat.controller.continueAnswer(stopped!.id);
    await until(() => textOf(chat.answers()[0]!).length > before.length + 40);
    await chat.controller.stop();
    await goesOn;
    expect(chat.answers()).toHaveLength(1);
    const text = textOf(chat.answers()[0]!);
    expect(text.startsWith(`${before} `)).toBe(true);
    // What the engine says in one go from the same question.
    const whole: string[] = [];
    const { engine } = chat.room;
    const sampling = { ...chat.state().active!.sampling, maxTokens: text.trim().split(' ').length };
    const request = {
      modelId: SMOLLM2_135M.id,
      messages: [{ role: 'user' as const, content: ENDLESS }],
      sampling,
    };
    for await (const event of engine.generate(request))
      if (event.type === 'text-delta') whole.push(event.text);
    expect(text).toBe(whole.join(''));
  });

  test('two quick sends ask once; the words typed meanwhile stay in the composer', async () => {
    chat.controller.setDraft(FINITE);
    const first = chat.controller.send();
    const second = chat.controller.send();
    chat.controller.setDraft('and then');
    await Promise.all([first, second]);
    expect(chat.state().messages).toHaveLength(2);
    expect(chat.state().active?.draft).toBe('and then');
  });

  test('a question before a model is ready waits, and is answered when one is', async () => {
    const early = await open();
    const asked = early.ask(FINITE);
    await until(() => early.answers()[0]?.status === 'waiting');
    await early.room.load(SMOLLM2_135M.id);
    await asked;
    expect(early.answers()[0]).toMatchObject({ status: 'complete' });
    expect(textOf(early.answers()[0]!)).toMatch(/^red green blue end\./);
  });

  test('stop takes a waiting question back; it is answered later in the same place', async () => {
    const early = await open();
    const asked = early.ask(FINITE);
    await until(() => early.answers()[0]?.status === 'waiting');
    await early.controller.stop();
    await asked;
    expect(early.answers()[0]).toMatchObject({ status: 'stopped', parts: [] });
    await early.room.load(SMOLLM2_135M.id);
    await early.controller.regenerate(early.answers()[0]!.id);
    expect(early.answers()).toHaveLength(1);
    expect(early.answers()[0]).toMatchObject({ status: 'complete' });
  });

  test('reasoning is split off while it streams, with its duration', async () => {
    await chat.ask('go <think> hmm </think> Paris. go');
    expect(chat.answers()[0]?.parts).toEqual([
      { type: 'reasoning', text: 'hmm', durationMs: expect.any(Number) },
      { type: 'text', text: 'Paris.' },
    ]);
  });

  test('another model stops the answer and says why', async () => {
    const asked = chat.ask(ENDLESS);
    await begun();
    await chat.room.load(SMOLLM2_360M.id);
    await asked;
    const [answer] = chat.answers();
    expect(answer?.status).toBe('stopped');
    expect(answer?.parts.at(-1)).toMatchObject({ type: 'notice', text: 'Stopped: the model was changed.' });
  });

  test('a full disk loses no question: it is back in the composer, with the reason', async () => {
    const { threads } = chat.repositories;
    const save = threads.save.bind(threads);
    threads.save = async () => {
      throw new AppError('storage/quota-exceeded', 'The disk is full.');
    };
    await chat.ask(FINITE);
    threads.save = save;
    expect(chat.notes).toEqual(['The disk is full.']);
    expect(chat.state().active?.draft).toBe(FINITE);
    expect(chat.state().running).toEqual({});
    await chat.controller.send();
    expect(chat.answers()[0]?.status).toBe('complete');
  });
});

describe('the tree', () => {
  test('regenerate and edit branch; arrows go between the branches', async () => {
    await chat.ask(FINITE);
    const [question] = chat.state().messages;
    const [first] = chat.answers();
    await chat.controller.regenerate(first!.id);
    expect(chat.answers()).toHaveLength(2);
    await chat.controller.showSibling(first!.id);
    expect(shownPath(chat).at(-1)?.id).toBe(first!.id);
    chat.controller.setDraft('half a thought');
    await chat.controller.edit(question!.id, 'up one two. Now up');
    expect(textsOf(shownPath(chat))[0]).toBe('up one two. Now up');
    expect(textOf(shownPath(chat)[1]!)).toMatch(/^one two\./);
    expect(chat.state().active?.draft).toBe('half a thought');
    await chat.controller.showSibling(question!.id);
    expect(textsOf(shownPath(chat))[0]).toBe(FINITE);
  });

  test('a deleted message takes what is below it, and undo brings all of it back', async () => {
    await chat.ask(FINITE);
    await chat.ask('more. Now go');
    const before = shownPath(chat).map(({ id }) => id);
    await chat.controller.removeMessage(before[2]!);
    expect(shownPath(chat).map(({ id }) => id)).toEqual(before.slice(0, 2));
    chat.undo();
    await until(() => shownPath(chat).length === 4);
    expect(shownPath(chat).map(({ id }) => id)).toEqual(before);
  });

  test('asking again while it still writes stops it first', async () => {
    const asked = chat.ask(ENDLESS);
    await begun();
    const again = chat.controller.regenerate(chat.answers()[0]!.id);
    await asked;
    await until(() => chat.answers().length === 2);
    expect(chat.answers()[0]?.status).toBe('stopped');
    await chat.controller.stop();
    await again;
  });
});

describe('threads', () => {
  test('deleting a running chat stops it; undo brings it back, and in time it is gone', async () => {
    const asked = chat.ask(ENDLESS);
    await begun();
    const id = chat.state().active!.id;
    await chat.controller.removeThread(id);
    await asked;
    expect(chat.state().active?.id).not.toBe(id);
    expect(chat.state().threads).toEqual([]);
    chat.undo();
    await until(() => chat.state().active?.id === id);
    expect(chat.answers()[0]?.status).toBe('stopped');
    await chat.controller.removeThread(id);
    chat.forget();
    await until(async () => (await chat.repositories.threads.messages(id)).length === 0);
    expect(chat.notes).toEqual(['Chat deleted', 'Chat deleted']);
  });

  test('rename, pin, search through all threads', async () => {
    await chat.ask(FINITE);
    const id = chat.state().active!.id;
    await chat.controller.rename(id, 'Colours');
    await chat.controller.togglePin(id);
    await chat.controller.open(undefined);
    await chat.ask('up one two. Now up');
    await chat.controller.search('blue GREEN');
    expect(chat.state().hits?.map(({ thread }) => thread.title)).toEqual(['Colours']);
    expect(chat.state().threads.find((thread) => thread.id === id)).toMatchObject({ isPinned: true });
  });

  test('a draft that was never sent is there in a new page', async () => {
    for (const draft of ['W', 'Wh', 'Why']) chat.controller.setDraft(draft);
    chat.controller.dispose(); // the page is closed before the draft's timer fires
    await until(async () => (await chat.repositories.threads.list()).length > 0);
    const next = await open({ databaseName: chat.databaseName });
    expect(next.state().active?.draft).toBe('Why');
  });

  test('fast typing in the settings loses no letter', async () => {
    await chat.ask(FINITE);
    const prompt = 'Answer in verse.';
    const typed = [...prompt].map((_, i) =>
      chat.controller.configure({ systemPrompt: prompt.slice(0, i + 1) }),
    );
    let isLost = false;
    const unsubscribe = chat.controller.store.subscribe(({ active }) => {
      if (active?.systemPrompt !== prompt) isLost = true;
    });
    await Promise.all(typed);
    unsubscribe();
    expect(isLost).toBe(false);
    expect(await chat.repositories.threads.get(chat.state().active!.id)).toMatchObject({
      systemPrompt: prompt,
    });
  });

  test('export and import give the same chat with ids of its own', async () => {
    await chat.ask(FINITE);
    await chat.controller.regenerate(chat.answers()[0]!.id);
    const file = await chat.controller.exportThread(chat.state().active!.id, 'json');
    const id = await chat.controller.importThread(file!.text);
    const before = chat.state().messages.map(({ parts, status }) => ({ parts, status }));
    await chat.controller.open(id);
    expect(chat.state().messages.map(({ parts, status }) => ({ parts, status }))).toEqual(before);
    const markdown = await chat.controller.exportThread(id, 'markdown');
    expect(markdown?.text).toContain(`## You\n\n${FINITE}`);
    await expect(chat.controller.importThread('{}')).rejects.toMatchObject({ code: 'input/invalid' });
  });

  test('the meter counts with the model and says what falls out', async () => {
    const small = await open({ engine: makeRoom({ contextTokens: 512 }) });
    await small.room.load(SMOLLM2_135M.id);
    await small.ask(`${'pad '.repeat(300)}. Now pad`);
    await small.ask(`${'pad '.repeat(300)}. Now pad`);
    const { contextTokens } = await until(() => small.state().context);
    expect(contextTokens).toBe(512);
    await until(() => small.state().context?.leftOut.length === 2);
    expect(small.answers()[1]?.parts[0]).toMatchObject({ type: 'notice' });
    small.controller.setDraft('long '.repeat(900));
    await until(() => (small.state().context?.usedTokens ?? 0) > 512);
  });
});

describe('two tabs', () => {
  test('the other tab sees the answer grow, cannot ask over it, and can stop it', async () => {
    const other = await open({ databaseName: chat.databaseName });
    const asked = chat.ask(ENDLESS);
    await begun();
    await other.controller.open(chat.state().active!.id);
    await until(() => other.answers()[0]?.status === 'streaming');
    other.controller.setDraft('me too');
    await other.controller.send();
    expect(other.state().messages).toHaveLength(2);
    await other.controller.stop();
    await asked;
    expect(chat.answers()[0]?.status).toBe('stopped');
    await until(() => other.answers()[0]?.status === 'stopped');
    expect(textsOf(other.answers())).toEqual(textsOf(chat.answers()));
  });

  test('what another tab changed in the thread stays when an answer is stored', async () => {
    await chat.ask(FINITE);
    const other = await open({ databaseName: chat.databaseName });
    const id = chat.state().active!.id;
    await other.controller.rename(id, 'Renamed elsewhere');
    await chat.ask('more. Now go');
    expect(await chat.repositories.threads.get(id)).toMatchObject({ title: 'Renamed elsewhere' });
    await until(() => chat.state().active?.title === 'Renamed elsewhere');
  });

  test('a tab that dies in an answer leaves it marked; a question that waited is answered here', async () => {
    await chat.ask(FINITE);
    const [done] = chat.answers();
    const id = chat.state().active!.id;
    const locks = createWebLocks(chat.databaseName);
    const dying = (['streaming', 'waiting'] as const).map((status) => {
      const message = { ...done!, id: `${status}-${crypto.randomUUID()}`, status, parts: [] };
      let die = (): void => {};
      const life = new Promise<void>((resolve) => {
        die = resolve;
      });
      void locks.hold(lockOf(message.id), () => life);
      return { message, die };
    });
    await chat.repositories.threads.save({ messages: dying.map(({ message }) => message) });
    await until(() => chat.state().messages.length === 4);
    expect(chat.answers().filter(({ status }) => status === 'complete')).toHaveLength(1);
    for (const { die } of dying) die();
    const stored = async (at: number) =>
      (await chat.repositories.threads.messages(id)).find((message) => message.id === dying[at]!.message.id);
    await until(async () => (await stored(0))?.status === 'interrupted');
    await until(async () => (await stored(1))?.status === 'complete');
    expect(textOf((await stored(1))!)).toBe(textOf(done!));
  });

  test('a chat that is deleted in the other tab is left, not written again', async () => {
    await chat.ask(FINITE);
    const other = await open({ databaseName: chat.databaseName });
    const id = chat.state().active!.id;
    await other.controller.open(id);
    await chat.controller.removeThread(id);
    await until(() => other.state().active?.id !== id);
    expect(other.notes).toEqual(['This chat was deleted in another tab.']);
    expect(chat.notes).toEqual(['Chat deleted']);
  });
});
