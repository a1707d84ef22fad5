import { describe, expect, test } from 'vitest';
import type { ChatEngine, GenerateRequest, PromptMessage } from '#core/ports/chat-engine.ts';
import type { ImagePart, MessageRecord, SourcePassage, ThreadRecord } from '#core/ports/chat-records.ts';
import type { Library } from '#core/ports/library.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { answer } from './answer.ts';
import { answerKey } from './answer-cache.ts';
import { createThread } from './presets.ts';

const PICTURE_TOKENS = 64;
const costOf = ({ content, images = [] }: PromptMessage): number =>
  content.split(/\s+/).filter(Boolean).length + PICTURE_TOKENS * images.length;

/** Says what the bytes of the pictures say, as it is given them. */
function seeingEngine(asked: GenerateRequest[]): ChatEngine {
  return {
    load: () => Promise.reject(new Error('loaded already')),
    unload: async () => {},
    async countTokens({ messages }) {
      const perMessage = messages.map(costOf);
      return { perMessage, total: perMessage.reduce((a, b) => a + b, 0), isExact: true };
    },
    async *generate(request) {
      asked.push(request);
      const images = request.messages.flatMap((message) => message.images ?? []);
      const read = await Promise.all(images.map(({ blob }) => blob.text()));
      yield { type: 'text-delta', text: `I see ${read.join(' and ')}.` };
      const usage = {
        promptTokens: 1,
        cachedTokens: 0,
        completionTokens: 1,
        ttftMs: 1,
        prefillTokensPerSecond: 1,
        decodeTokensPerSecond: 1,
      };
      yield { type: 'finish', reason: 'stop', usage };
    },
  };
}

const picture = (name: string): ImagePart => ({
  type: 'image',
  sha256: name,
  mediaType: 'image/png',
  name: `${name}.png`,
  width: 2,
  height: 1,
});

function turn(id: string, role: MessageRecord['role'], text: string, ...names: readonly string[]) {
  const parts = [...names.map(picture), { type: 'text', text } as const];
  const message: MessageRecord = {
    ...{ id, threadId: 't', parentId: null, role, parts, createdAt: 1, status: 'complete' },
  };
  return message;
}

const valves: SourcePassage = {
  number: 1,
  documentId: 'd',
  documentName: 'valves.md',
  ordinal: 0,
  text: 'It opens at 8 bar.',
  start: 0,
  end: 18,
  headingPath: [],
  score: 1,
  origin: 'lexical',
};

interface Asking {
  readonly sees?: boolean;
  readonly contextTokens?: number;
  readonly stored?: readonly string[];
  readonly found?: readonly SourcePassage[];
  readonly thread?: Partial<ThreadRecord>;
}

async function ask(path: readonly MessageRecord[], asking: Asking = {}) {
  const { sees = true, contextTokens = 2000, stored = ['invoice', 'cat'], found = [] } = asking;
  const asked: GenerateRequest[] = [];
  const loaded = {
    modelId: 'm',
    contextTokens,
    runsOn: 'wasm',
    threads: 1,
    placeLabel: '',
    loadMs: 1,
  } as const;
  const notices: string[] = [];
  let text = '';
  let leftOut: readonly string[] = [];
  const events = answer({
    engine: seeingEngine(asked),
    ready: {
      model: { id: 'm', label: 'Mole' } as ModelSpec,
      loaded: { ...loaded, ...(sees ? { seesImages: true } : {}) },
    },
    thread: { ...createThread('t', 1), ...asking.thread },
    path,
    library: { search: async () => ({ passages: found }), align: async () => [] } as unknown as Library,
    attachment: async (sha256) => (stored.includes(sha256) ? new Blob([sha256]) : undefined),
    signal: new AbortController().signal,
  });
  for await (const event of events) {
    if (event.type === 'text-delta') text += event.text;
    if (event.type === 'planned') leftOut = event.plan.leftOut;
    if (event.type === 'part' && event.part.type === 'notice') notices.push(event.part.text);
  }
  return { text, notices, leftOut, messages: asked[0]?.messages ?? [] };
}

const first = [turn('q', 'user', 'What does it say?', 'invoice'), turn('a', 'assistant', 'A total.')];

describe('a question with pictures', () => {
  test('brings them before its text, and so does every later prompt', async () => {
    const asked = await ask(first.slice(0, 1));
    expect(asked.text).toBe('I see invoice.');
    const later = await ask([...first, turn('r', 'user', 'And here?', 'cat', 'invoice')]);
    expect(later.text).toBe('I see invoice and cat and invoice.');
    // Word for word and picture for picture: the engine’s cache fits.
    expect(later.messages[0]).toEqual(asked.messages[0]);
    expect(later.notices).toEqual([]);
  });

  test('is not asked of a model that sees none', async () => {
    await expect(ask(first.slice(0, 1), { sees: false })).rejects.toMatchObject({
      code: 'input/unsupported',
      message: expect.stringContaining('Mole does not see pictures'),
    });
  });

  test('is not asked when their bytes are lost', async () => {
    await expect(ask(first.slice(0, 1), { stored: [] })).rejects.toMatchObject({
      code: 'storage/corrupt',
      message: expect.stringContaining('“invoice.png”'),
    });
  });

  test.each([
    ['a model that sees none', { sees: false }, 'Mole does not see pictures'],
    ['lost bytes', { stored: [] }, 'no longer stored'],
  ])('of before is left out with %s, and that is said', async (_why, asking, words) => {
    const { messages, notices, text } = await ask([...first, turn('r', 'user', 'Thanks?')], asking);
    expect(messages.every(({ images }) => images === undefined)).toBe(true);
    expect(text).toBe('I see .');
    expect(notices).toEqual([expect.stringContaining(words)]);
    expect(notices[0]).toMatch(/^A picture of an earlier question was left out/);
  });

  test('that falls out with its turn takes its picture along, and nothing is said twice', async () => {
    const path = [...first, turn('r', 'user', 'And here?', 'cat')];
    const { text, leftOut, notices } = await ask(path, { contextTokens: 120 });
    expect(leftOut).toEqual(['q', 'a']);
    expect(text).toBe('I see cat.');
    expect(notices).toEqual([]);
  });

  test('is answered from the picture alone where no document matches', async () => {
    const { text, notices } = await ask(first.slice(0, 1), { thread: { collectionIds: ['c'] } });
    expect(text).toBe('I see invoice.');
    expect(notices).toEqual([expect.stringMatching(/^Nothing in the chosen collections.*picture/)]);
  });

  test('has sources beside its pictures, in the same words again later', async () => {
    const thread = { collectionIds: ['c'] };
    const { messages } = await ask(first.slice(0, 1), { thread, found: [valves] });
    expect(messages[0]?.content).toMatch(/pictures and the sources.*\[1\] \(valves\.md\)/s);
    expect(messages[0]?.images).toHaveLength(1);
    const sources = { type: 'sources', query: 'q', passages: [valves], leftOut: 0, quoted: [1] } as const;
    const [question, reply] = first as [MessageRecord, MessageRecord];
    const path = [question, { ...reply, parts: [sources, ...reply.parts] }, turn('r', 'user', 'More?')];
    const later = await ask(path);
    expect(later.messages[0]).toEqual(messages[0]);
  });
});

test('the same words about another picture are another question', async () => {
  const keyOf = (...names: readonly string[]) =>
    answerKey({
      thread: createThread('t', 1),
      path: [turn('q', 'user', 'What is it?', ...names)],
      ready: {
        model: { id: 'm', files: [] as ModelSpec['files'] } as ModelSpec,
        loaded: { modelId: 'm', contextTokens: 1, runsOn: 'wasm', threads: 1, placeLabel: '', loadMs: 1 },
      },
      documents: [],
    });
  const keys = await Promise.all([keyOf(), keyOf('cat'), keyOf('invoice'), keyOf('cat')]);
  expect(new Set(keys).size).toBe(3);
  expect(keys[1]).toBe(keys[3]);
});
