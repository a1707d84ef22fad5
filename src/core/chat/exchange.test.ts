import { expect, test } from 'vitest';
import type { MessagePart, MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { WireError } from '#shared/errors.ts';
import { exportJson, importThread } from './exchange.ts';

/** Every field, also those that may be left out: a new one that is not filled in here does not compile. */
type Filled<T> = T extends WireError
  ? Required<WireError>
  : T extends readonly (infer Item)[]
    ? readonly Filled<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]-?: Filled<T[Key]> }
      : T;

const thread: Filled<Omit<ThreadRecord, 'deletedAt'>> = {
  id: 't',
  title: 'Valves',
  hasAutoTitle: true,
  createdAt: 1,
  updatedAt: 2,
  isPinned: true,
  activeLeafId: 'm2',
  systemPrompt: 'Be brief.',
  sampling: {
    temperature: 0.1,
    topP: 0.2,
    topK: 3,
    minP: 0.4,
    repetitionPenalty: 1.1,
    maxTokens: 5,
    seed: 6,
    stop: ['END'],
  },
  modelId: 'model',
  collectionIds: ['c'],
  searchAids: { rewrites: true, variants: true, hypothetical: true, reranks: true, reuses: true },
  bookId: 'd',
  within: [{ documentId: 'd', ordinals: [1, 2] }],
  draft: 'And',
  hasLeftDevice: true,
};

const parts: { readonly [Type in MessagePart['type']]: Filled<Extract<MessagePart, { type: Type }>> } = {
  text: { type: 'text', text: 'At six bar [1].' },
  reasoning: { type: 'reasoning', text: 'So.', durationMs: 7 },
  sources: {
    type: 'sources',
    query: 'when',
    passages: [
      {
        number: 1,
        documentId: 'd',
        documentName: 'manual.pdf',
        ordinal: 2,
        text: 'It opens at six bar.',
        start: 3,
        end: 23,
        found: { start: 4, end: 9 },
        page: 5,
        seconds: 83,
        headingPath: ['Valves'],
        score: 0.6,
        denseScore: 0.7,
        lexicalScore: 8,
        rerankScore: 0.9,
        origin: 'both',
      },
    ],
    leftOut: 1,
    quoted: [1],
    isWhole: true,
    wordings: [{ kind: 'rewritten', text: 'When does it open?' }],
  },
  supports: {
    type: 'supports',
    sentences: [{ start: 0, end: 15, source: 1, spanStart: 3, spanEnd: 23, score: 0.9 }],
  },
  notice: { type: 'notice', text: 'One was left out.' },
};

const answer: Filled<MessageRecord> = {
  id: 'm2',
  threadId: 't',
  parentId: 'm1',
  role: 'assistant',
  parts: Object.values(parts),
  createdAt: 4,
  status: 'complete',
  modelId: 'model',
  finishReason: 'stop',
  usage: {
    promptTokens: 1,
    cachedTokens: 2,
    completionTokens: 3,
    ttftMs: 4,
    prefillTokensPerSecond: 5,
    decodeTokensPerSecond: 6,
  },
  repeats: { messageId: 'm0', createdAt: 3 },
  error: {
    code: 'input/invalid',
    message: 'No.',
    details: { file: 'a' },
    stack: 'here',
    cause: { code: 'network/offline', message: 'Off.' },
  },
};

const asked = (id: string, parentId: string | null): MessageRecord => ({
  id,
  threadId: 't',
  parentId,
  role: 'user',
  parts: [{ type: 'text', text: 'When?' }],
  createdAt: 1,
  status: 'complete',
});

test('nothing that a thread or an answer can hold is lost on the way through a file', () => {
  const messages = [asked('m0', null), asked('m1', 'm0'), answer];
  let made = 0;
  const back = importThread(exportJson({ thread, messages }), () => `new${made++}`, 9);
  expect(back.thread).toEqual({ ...thread, id: 'new3', activeLeafId: 'new2', updatedAt: 9 });
  expect(back.messages[2]).toEqual({
    ...answer,
    id: 'new2',
    threadId: 'new3',
    parentId: 'new1',
    repeats: { messageId: 'new0', createdAt: 3 },
  });
});

test('an answer that repeats one of another thread still says so', () => {
  const repeats = { messageId: 'elsewhere', createdAt: 3 };
  const messages = [asked('m1', null), { ...answer, repeats }];
  const back = importThread(exportJson({ thread, messages }), () => crypto.randomUUID(), 9);
  expect(back.messages[1]?.repeats).toEqual(repeats);
});
