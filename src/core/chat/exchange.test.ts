import { describe, expect, test } from 'vitest';
import type {
  Attachment,
  ImagePart,
  MessagePart,
  MessageRecord,
  ThreadRecord,
} from '#core/ports/chat-records.ts';
import type { WireError } from '#shared/errors.ts';
import { exportJson, exportMarkdown, importThread } from './exchange.ts';

/** Every field, also those that may be left out: a new one that is not filled in here does not compile. */
type Filled<T> = T extends WireError
  ? Required<WireError>
  : T extends readonly (infer Item)[]
    ? readonly Filled<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]-?: Filled<T[Key]> }
      : T;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR = [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 40, 0, 0, 0, 30];
const PNG = Uint8Array.of(...SIGNATURE, ...IHDR, 1, 2, 250);
const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', PNG));
const PNG_HASH = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const image: Required<ImagePart> = {
  type: 'image',
  sha256: PNG_HASH,
  mediaType: 'image/png',
  name: 'inv[oice].png',
  width: 40,
  height: 30,
  imageId: 'picture',
};
const attachments: readonly Attachment[] = [
  { sha256: PNG_HASH, blob: new Blob([PNG], { type: 'image/png' }) },
];

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
  draftImages: [image],
  hasLeftDevice: true,
};

const parts: { readonly [Type in MessagePart['type']]: Filled<Extract<MessagePart, { type: Type }>> } = {
  text: { type: 'text', text: 'At six bar [1].' },
  image,
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

test('nothing that a thread or an answer can hold is lost on the way through a file', async () => {
  const messages = [asked('m0', null), asked('m1', 'm0'), answer];
  let made = 0;
  const text = await exportJson({ thread, messages, attachments });
  const back = await importThread(text, () => `new${made++}`, 9);
  expect(back.thread).toEqual({ ...thread, id: 'new3', activeLeafId: 'new2', updatedAt: 9 });
  expect(back.messages[2]).toEqual({
    ...answer,
    id: 'new2',
    threadId: 'new3',
    parentId: 'new1',
    repeats: { messageId: 'new0', createdAt: 3 },
  });
});

test('an answer that repeats one of another thread still says so', async () => {
  const repeats = { messageId: 'elsewhere', createdAt: 3 };
  const messages = [asked('m1', null), { ...answer, repeats }];
  const text = await exportJson({ thread, messages, attachments });
  const back = await importThread(text, () => crypto.randomUUID(), 9);
  expect(back.messages[1]?.repeats).toEqual(repeats);
});

describe('pictures', () => {
  const question: MessageRecord = {
    ...asked('m1', null),
    parts: [image, { type: 'text', text: 'What is it?' }],
  };
  const { draftImages: _, ...plain } = thread;
  const file = async (): Promise<string> => exportJson({ thread: plain, messages: [question], attachments });
  const read = (text: string) => importThread(text, () => crypto.randomUUID(), 9);

  test('come back byte for byte', async () => {
    const back = await read(await file());
    expect(back.messages[0]?.parts).toEqual(question.parts);
    expect(back.attachments).toHaveLength(1);
    const [attachment] = back.attachments;
    expect(attachment).toMatchObject({ sha256: PNG_HASH, blob: { type: 'image/png' } });
    expect(new Uint8Array(await attachment!.blob.arrayBuffer())).toEqual(PNG);
  });

  test.each([
    ['other bytes', /AQL6"/, 'AQL7"', 'is not the one that was exported'],
    ['more pixels than are stated', /"width": 40/, '"width": 39', 'has another size than the file says'],
    ['another type', /"data:image\/png/, '"data:image/svg+xml', 'is no image/png'],
    ['what is no PNG inside', /base64,iVBO/, 'base64,AAAA', 'is no image/png'],
    ['broken base64', /base64,/, 'base64,%%%', 'cannot be read'],
    ['no bytes at all', /"attachments": \{[^}]*\}/, '"attachments": {}', 'is missing'],
  ])('%s are refused by name', async (_what, part, instead, words) => {
    const text = await file();
    expect(text).toMatch(part);
    await expect(read(text.replace(part, instead))).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringContaining(`“inv[oice].png” in this file ${words}`),
    });
  });

  test('larger ones than a question takes are refused', async () => {
    const huge = (await file()).replace('"width": 40', '"width": 20000');
    await expect(read(huge)).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringContaining('width'),
    });
  });

  test('one whose bytes are lost does not make the file unreadable', async () => {
    const back = await read(await exportJson({ thread, messages: [question], attachments: [] }));
    expect(back.messages[0]?.parts[0]).toMatchObject({ type: 'notice' });
    expect(back.thread.draftImages).toBeUndefined();
  });

  test('are named in Markdown', () => {
    expect(exportMarkdown(thread, [question])).toContain(
      '*Picture: inv\\[oice\\].png, 40 × 30*\n\nWhat is it?',
    );
  });
});
