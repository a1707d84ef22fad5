import { describe, expect, test } from 'vitest';
import type { ChatEngine, GenerateRequest } from '#core/ports/chat-engine.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import type { Library } from '#core/ports/library.ts';
import type { ChunkRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Progress } from '#shared/call.ts';
import { answer } from './answer.ts';
import { type Book, bookPrompt, contextFor, fitBook, openBook, readBook } from './book.ts';
import { createThread } from './presets.ts';

const words = (text: string): string[] => text.match(/\S+/g) ?? [];

/** Words are tokens; it keeps the words of the last prompt and reuses the beginning that both share. */
function cachingEngine(asked: GenerateRequest[]): ChatEngine {
  let cache: readonly string[] = [];
  return {
    load: async () => Promise.reject(new Error('loaded already')),
    unload: async () => {},
    async countTokens({ messages }) {
      const perMessage = messages.map(({ content }) => words(content).length);
      return { perMessage, total: perMessage.reduce((a, b) => a + b, 0), isExact: true };
    },
    async *generate(request, { onProgress } = {}) {
      asked.push(request);
      const prompt = request.messages.flatMap(({ content }) => words(content));
      const differsAt = prompt.findIndex((word, i) => word !== cache[i]);
      const cachedTokens = differsAt < 0 ? prompt.length : differsAt;
      cache = prompt;
      for (let done = cachedTokens; done <= prompt.length; done += 50)
        onProgress?.({ phase: 'process', done, total: prompt.length, unit: 'tokens', label: 'm' });
      yield { type: 'text-delta', text: 'It opens at 8.4 bar [2].' };
      const usage = {
        promptTokens: prompt.length,
        cachedTokens,
        completionTokens: 1,
        ttftMs: 1,
        prefillTokensPerSecond: 1,
        decodeTokensPerSecond: 1,
      };
      yield { type: 'finish', reason: 'stop', usage };
    },
  };
}

const TEXTS = ['Chapter one is about pumps. ', 'The relief valve opens at 8.4 bar. ', 'word '.repeat(300)];

function shelf(change: Partial<DocumentRecord> = {}) {
  let at = 0;
  const chunks = TEXTS.map((text, ordinal): ChunkRecord => {
    const start = at;
    at += text.length;
    const place = { documentId: 'd', ordinal, start, end: at, tokenCount: 1, headingPath: [], boxes: [] };
    return { ...place, text };
  });
  const document = { id: 'd', name: 'valves.md', status: 'ready', chunkCount: 3, ...change };
  return {
    document: async (id: string) => (id === 'd' ? (document as DocumentRecord) : undefined),
    chunks: async () => chunks,
  };
}

function readyWith(contextTokens: number, most = 4096) {
  const model = { id: 'm', label: 'Smol', contextTokens: most } as ModelSpec;
  const place = { runsOn: 'wasm', threads: 1, placeLabel: '', loadMs: 1 } as const;
  return { model, loaded: { modelId: 'm', contextTokens, ...place } };
}

const thread = { ...createThread('t', 1), systemPrompt: 'Be brief.', bookId: 'd' };

function message(id: string, role: MessageRecord['role'], text: string): MessageRecord {
  const parts = [{ type: 'text', text }] as const;
  return { id, threadId: 't', parentId: null, role, parts, createdAt: 1, status: 'complete' };
}

async function ask(engine: ChatEngine, book: Book, path: readonly MessageRecord[], contextTokens = 2048) {
  const library = {
    search: () => Promise.reject(new Error('Nothing is to be searched')),
    align: async ({ answer: text, passages }: { answer: string; passages: Book['passages'] }) => [
      { start: 0, end: text.length, source: passages[1]?.number ?? null, score: passages.length },
    ],
  } as unknown as Library;
  const events = [];
  const ready = readyWith(contextTokens);
  const { signal } = new AbortController();
  const attachment = async () => undefined;
  for await (const event of answer({ engine, ready, thread, path, library, book, attachment, signal }))
    events.push(event);
  return events;
}

describe('a chat about one whole document', () => {
  test('its passages are all chunks, numbered from one, each a slice of the text', async () => {
    const { passages, name } = await openBook(shelf(), 'd');
    expect(passages.map(({ number, ordinal }) => [number, ordinal])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    expect(passages.map(({ start, end }) => TEXTS.join('').slice(start, end))).toEqual(TEXTS);
    expect(bookPrompt(name, passages)).toContain('\n[2] The relief valve opens at 8.4 bar.\n[3] word');
  });

  test('one that is gone, or not read to its end, is refused by name', async () => {
    await expect(openBook(shelf(), 'other')).rejects.toMatchObject({ code: 'input/invalid' });
    for (const change of [{ status: 'embedding' }, { chunkCount: 4 }] as const)
      await expect(openBook(shelf(change), 'd')).rejects.toThrow('valves.md has not been read to its end');
  });

  test('read ahead, each question finds the whole beginning in the cache', async () => {
    const asked: GenerateRequest[] = [];
    const engine = cachingEngine(asked);
    const book = await openBook(shelf(), 'd');
    const seen: Progress[] = [];
    const read = await readBook(
      { engine, ready: readyWith(2048), thread, book },
      { onProgress: (event) => seen.push(event) },
    );
    expect(asked[0]?.sampling.maxTokens).toBe(1);
    expect(seen[0]).toMatchObject({ done: 0, total: read.documentTokens, label: 'valves.md' });
    expect(seen.at(-1)?.done).toBe(read.documentTokens);
    expect(seen.some(({ done }) => done > 0 && done < read.documentTokens)).toBe(true);

    const first = message('q', 'user', 'When does it open?');
    const events = await ask(engine, book, [first]);
    expect(events.map((event) => (event.type === 'part' ? event.part.type : event.type))).toEqual([
      'sources',
      'planned',
      'text-delta',
      'supports',
      'finish',
    ]);
    const finish = events.at(-1);
    const shared = read.documentTokens - 1; // all but the question that was made up for the reading
    expect(finish).toMatchObject({ usage: { cachedTokens: shared } });
    expect(events[0]).toMatchObject({ part: { isWhole: true, quoted: [] } });
    expect(events.find((event) => event.type === 'part' && event.part.type === 'supports')).toMatchObject({
      part: { sentences: [{ source: 2, score: 3 }] }, // aligned against all three chunks
    });

    const reply = { ...message('a', 'assistant', 'At 8.4 bar.') };
    const sources = events.flatMap((event) => (event.type === 'part' ? [event.part] : []));
    const stored = { ...reply, parts: [...sources, ...reply.parts] };
    await ask(engine, book, [first, stored, message('q2', 'user', 'And what is chapter one about?')]);
    expect(asked.at(-1)?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(asked.at(-1)?.messages[0]).toEqual(asked[0]?.messages[0]);
    expect(asked.at(-1)?.messages[1]?.content).toBe('When does it open?'); // the document is not quoted again
  });

  test('what does not fit is refused before anything is asked, with the figures', async () => {
    const asked: GenerateRequest[] = [];
    const engine = cachingEngine(asked);
    const book = await openBook(shelf(), 'd');
    const question = message('q', 'user', 'When?');
    await expect(ask(engine, book, [question], 512)).rejects.toMatchObject({
      code: 'model/context-exceeded',
      details: { contextTokens: 512, neededTokens: 1024 },
    });
    expect(asked).toEqual([]);
    const tryWith = (most: number) => fitBook({ engine, ready: readyWith(512, most), thread, book });
    await expect(tryWith(4096)).rejects.toThrow(
      /has 3\d\d tokens.*room for 512.*with a context of 1,024 tokens/,
    );
    await expect(tryWith(512)).rejects.toThrow(
      /would take a context of 1,024, and this model has 512 at most/,
    );
  });

  test('the context that is named is the smallest step that does', () => {
    for (const tokens of [1, 300, 2000, 7000, 100_000]) {
      const context = contextFor(tokens, 0);
      const fits = (size: number): boolean => tokens + 128 + Math.min(1024, Math.floor(size / 4)) <= size;
      expect(fits(context)).toBe(true);
      expect(context === 512 || !fits(context - 512)).toBe(true);
    }
  });
});
