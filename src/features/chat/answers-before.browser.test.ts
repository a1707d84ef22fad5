import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { Library } from '#core/ports/library.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { makeChat, makeRoom, SMOLLM2_135M, type TestChat, textsOf } from './chat.test-support.tsx';

const document = (id: string): DocumentRecord => ({
  id,
  name: `${id}.md`,
  mediaType: 'text/markdown',
  sizeBytes: 1,
  collectionIds: ['all'],
  status: 'ready',
  addedAt: 1,
  chunkCount: 1,
  embeddedCount: 1,
});

const passage: SourcePassage = {
  number: 1,
  documentId: 'a',
  documentName: 'a.md',
  ordinal: 0,
  text: 'go red green blue end.',
  start: 0,
  end: 22,
  headingPath: [],
  score: 1,
  origin: 'lexical',
};

/** The engine's words go round in a ring: the fourth ends the answer, as a model ends one by itself. */
function endingRoom() {
  const { room } = makeRoom();
  async function* generate(...input: Parameters<typeof room.engine.generate>) {
    for await (const event of room.engine.generate(...input))
      yield event.type === 'finish' ? { ...event, reason: 'stop' as const } : event;
  }
  return { room: { ...room, engine: { ...room.engine, generate } } };
}

let chat: TestChat;
let searches: number;
beforeEach(async () => {
  searches = 0;
  const library = {
    async search() {
      searches += 1;
      return { passages: [passage] };
    },
    align: async () => [],
  } as unknown as Library;
  chat = await makeChat({ library, engine: endingRoom() });
  await chat.room.load(SMOLLM2_135M.id);
  await chat.repositories.library.saveCollection({ id: 'all', name: 'All', createdAt: 1 });
  await chat.repositories.library.commit({ documents: [document('a')] });
});
afterEach(() => chat.dispose());

/** In a new chat, to the end of the answer. */
async function askAnew(question: string, reuses = true) {
  await chat.controller.open(undefined);
  const { active } = chat.state();
  if (!active) throw new Error('no chat is open');
  const sampling = { ...active.sampling, temperature: 0, maxTokens: 4 };
  await chat.controller.configure({ collectionIds: ['all'], sampling, searchAids: { reuses } });
  chat.controller.setDraft(question);
  await chat.controller.send();
  const [answer] = chat.answers().slice(-1);
  if (!answer) throw new Error('there is no answer');
  return answer;
}

test('the same question is answered at once, says so, and is asked anew on demand or over other documents', async () => {
  const first = await askAnew('Now go');
  expect(first).toMatchObject({ status: 'complete', finishReason: 'stop' });
  const again = await askAnew('now  go?');
  expect(again).toMatchObject({ status: 'complete', repeats: { messageId: first.id }, parts: first.parts });
  expect(again.usage).toBeUndefined();
  expect(searches).toBe(1);
  expect((await askAnew('Now go', false)).repeats).toBeUndefined(); // switched off
  expect(searches).toBe(2);

  await askAnew('Now go');
  const [repeated] = chat.answers();
  await chat.controller.regenerate(repeated?.id ?? '');
  expect(chat.answers().at(-1)?.repeats).toBeUndefined();
  expect(searches).toBe(3);

  await chat.repositories.library.commit({ documents: [document('b')] });
  expect((await askAnew('Now go')).repeats).toBeUndefined();
  expect((await askAnew('Now go')).repeats).toBeDefined();
  await chat.repositories.library.removeDocument('b');
  expect((await askAnew('Now go')).repeats).toBeDefined(); // the documents are what they were at first
  await chat.repositories.library.removeDocument('a');
  expect((await askAnew('Now go')).repeats).toBeUndefined();
  expect(textsOf(chat.answers())).toHaveLength(1);
});
