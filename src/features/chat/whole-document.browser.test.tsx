import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { createWllamaEngine } from '#adapters/engine-wllama/index.ts';
import { SMOL, sampleFiles } from '#adapters/engine-wllama/sample-model.test-support.ts';
import { createEngineRoom, planFit } from '#core/models/index.ts';
import { RECORDED } from '#core/models/recorded-machines.test-support.ts';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { Library } from '#core/ports/library.ts';
import type { ChunkRecord, DocumentRecord } from '#core/ports/library-records.ts';
import { until } from '#shared/until.test-support.ts';
import { makeChat, showChat, type TestChat } from './chat.test-support.tsx';
import type { BookState } from './chat-state.ts';

const SENTENCES = [
  'The relief valve of pump two opens at 8.4 bar and closes at 7.9 bar.',
  'The oil is changed after 400 hours, and the filter with every second change.',
  'The motor may start six times an hour; the seventh start trips the relay.',
  'A dry run is allowed for twenty seconds, then the bearings are damaged.',
];
const partsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `Part ${i}. ${SENTENCES.join(' ')} End of part ${i}.\n`);

/** The real engine with the small model on two threads. */
async function realRoom(contextTokens: number) {
  const [, machine] = RECORDED.find(([label]) => label.startsWith('Office PC')) ?? [];
  if (!machine) throw new Error('no such machine');
  const settings = new Map<string, unknown>();
  const room = createEngineRoom({
    engine: createWllamaEngine({ openFile: await sampleFiles() }),
    models: async () => SMOL,
    isStored: async () => true,
    plan: async (model) => ({ ...planFit(model, machine), device: 'cpu', threads: 2, contextTokens }),
    settings: {
      get: async (key) => settings.get(key),
      set: async (key, value) => void settings.set(key, value),
    },
    onStepDown: async () => false,
  });
  return { room };
}

async function shelve({ repositories }: TestChat, parts: number): Promise<void> {
  let start = 0;
  const chunks = partsOf(parts).map((text, ordinal): ChunkRecord => {
    const place = { documentId: 'pumps', ordinal, start, end: start + text.length };
    start += text.length;
    return { ...place, text, tokenCount: 90, headingPath: [], boxes: [] };
  });
  const document: DocumentRecord = {
    id: 'pumps',
    name: 'pumps.md',
    mediaType: 'text/markdown',
    sizeBytes: start,
    collectionIds: ['all'],
    status: 'ready',
    addedAt: 1,
    chunkCount: chunks.length,
    embeddedCount: chunks.length,
  };
  await repositories.library.saveCollection({ id: 'all', name: 'All', createdAt: 1 });
  await repositories.library.commit({ documents: [document], chunks });
}

let chat: TestChat;
let aligned: (readonly SourcePassage[])[];
async function open(contextTokens: number, parts = 2): Promise<void> {
  const library = {
    search: () => Promise.reject(new Error('Nothing is to be searched')),
    async align({ passages }: Parameters<Library['align']>[0]) {
      aligned.push(passages);
      return [];
    },
  } as unknown as Library;
  chat = await makeChat({ library, engine: await realRoom(contextTokens) });
  await shelve(chat, parts);
  await chat.room.load(SMOL.id);
}
beforeEach(() => {
  aligned = [];
});
afterEach(async () => {
  await chat.room.unload();
  await chat.dispose();
});

const isRead = () => until(() => chat.state().book?.status === 'read');

describe('a chat about a whole document, with a real model', () => {
  test('it is read once, ahead; every question finds it in the cache; the citations are its chunks', async () => {
    await open(1024);
    const seen: BookState[] = [];
    chat.controller.store.subscribe(({ book }) => book && seen.push(book));
    await chat.controller.whole.ask('pumps');
    await isRead();
    const reading = seen.filter(({ status }) => status === 'reading');
    const total = chat.state().book?.totalTokens ?? 0;
    expect(total).toBeGreaterThan(120);
    expect(reading.some(({ doneTokens = 0 }) => doneTokens > 0 && doneTokens < total)).toBe(true);
    for (const question of ['When does the relief valve open?', 'When is the oil changed?']) {
      await chat.ask(question);
      const [answer] = chat.answers().slice(-1);
      expect(answer?.status).toBe('complete');
      const { promptTokens = 0, cachedTokens = 0 } = answer?.usage ?? {};
      expect(promptTokens).toBeGreaterThan(total);
      expect(cachedTokens).toBeGreaterThan(0.95 * total);
    }
    expect(aligned.map((passages) => passages.map(({ number }) => number))).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('what does not fit is refused with the figures, and the chat stays as it was', async () => {
    await open(256);
    await chat.controller.whole.ask('pumps');
    expect(chat.notes.at(-1)).toMatch(
      /^pumps\.md has [\d,]+ tokens, and SmolLM2 135M was loaded with room for 256.*context of [\d,]+ tokens/,
    );
    expect(chat.state().active?.bookId).toBeUndefined();
    expect(await chat.controller.whole.open('pumps')).toBeUndefined();
  });

  test('it is chosen below the question, its reading is seen and stopped, and it is taken off', async () => {
    await open(2048, 12);
    const hide = showChat(chat);
    await page.getByRole('button', { name: 'Documents' }).click();
    await page.getByRole('button', { name: 'pumps.md' }).click();
    const line = page.getByTestId('whole-reading');
    await expect.element(line).toHaveTextContent(/Reading pumps\.md: [\d,]+ of [\d,]+ tokens/);
    await page.getByRole('button', { name: 'Stop reading' }).click();
    await expect.element(line).toHaveTextContent('Reading pumps.md was stopped');
    await page.getByRole('button', { name: 'Whole: pumps.md' }).click();
    await expect.element(page.getByRole('button', { name: 'Documents' })).toBeVisible();
    await expect.element(page.getByRole('textbox', { name: 'Your question' })).toHaveFocus();
    expect(chat.state().active?.bookId).toBeUndefined();
    hide();
  });

  test('a document that is removed ends the question with the reason', async () => {
    await open(1024);
    await chat.controller.whole.ask('pumps');
    await chat.repositories.library.removeDocument('pumps');
    await chat.ask('When does the relief valve open?');
    expect(chat.answers().at(-1)).toMatchObject({ status: 'failed', error: { code: 'input/invalid' } });
  });
});
