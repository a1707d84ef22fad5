import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { answerKey, canRepeat, createAnswerCache, normalizedQuestion } from './answer-cache.ts';
import { createThread } from './presets.ts';

const base = createThread('t', 1);
const thread: ThreadRecord = {
  ...base,
  collectionIds: ['a', 'b'],
  sampling: { ...base.sampling, temperature: 0 },
  searchAids: { reuses: true },
};

function asked(question: string, before: readonly string[] = []): readonly MessageRecord[] {
  return [...before, question].map((text, i) => ({
    id: `m${i}`,
    threadId: 't',
    parentId: null,
    role: 'user',
    parts: [{ type: 'text', text }],
    createdAt: i,
    status: 'complete',
  }));
}

function document(id: string, change: Partial<DocumentRecord> = {}): DocumentRecord {
  const sizes = { sizeBytes: 1, chunkCount: 3, embeddedCount: 3 };
  const state = { name: `${id}.md`, mediaType: 'text/plain', status: 'ready', collectionIds: ['a'] } as const;
  return { id, ...state, ...sizes, addedAt: 1, parserVersion: 1, chunkerVersion: 1, spaceId: 's', ...change };
}

const place = { modelId: 'm', runsOn: 'wasm', threads: 1, placeLabel: '', loadMs: 1 } as const;
const model = (id: string) => ({ id, files: [{ path: 'm.gguf', sizeBytes: 1 }] }) as unknown as ModelSpec;
const input = {
  thread,
  path: asked('When does the valve open?'),
  ready: { model: model('m'), loaded: { ...place, contextTokens: 2048 } },
  embedder: model('e'),
  documents: [document('x'), document('y')],
};

describe('the key of an answer', () => {
  test('spaces, capitals and the mark at the end do not make another question; words do', async () => {
    expect(normalizedQuestion('  When does\nthe Valve open ? ')).toBe('when does the valve open');
    const key = await answerKey(input);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await answerKey({ ...input, path: asked(' when does the  valve open') })).toBe(key);
    expect(await answerKey({ ...input, path: asked('When does the valve close?') })).not.toBe(key);
  });

  test('it does not depend on the order in which documents and collections come', async () => {
    const key = await answerKey(input);
    const order = fc.shuffledSubarray(input.documents, { minLength: 2 });
    await fc.assert(
      fc.asyncProperty(order, fc.boolean(), async (documents, turns) => {
        const collectionIds = turns ? ['b', 'a'] : ['a', 'b'];
        expect(await answerKey({ ...input, documents, thread: { ...thread, collectionIds } })).toBe(key);
      }),
      { numRuns: 8 },
    );
  });

  test('all that the answer depends on makes another', async () => {
    const { ready } = input;
    const [x, y] = [document('x'), document('y')];
    const others = [
      { documents: [x] },
      { documents: [x, y, document('z')] },
      { documents: [x, document('y', { spaceId: 'other' })] },
      { documents: [x, document('y', { chunkerVersion: 2 })] },
      { documents: [x, document('y', { parserVersion: 2 })] },
      { documents: [x, document('y', { status: 'embedding', embeddedCount: 1 })] },
      { ready: { ...ready, model: model('n') } },
      { ready: { ...ready, loaded: { ...ready.loaded, contextTokens: 4096 } } },
      { embedder: model('f') },
      { path: asked('When does the valve open?', ['And pump two?']) },
      { thread: { ...thread, systemPrompt: 'Be brief.' } },
      { thread: { ...thread, collectionIds: ['a'] } },
      { thread: { ...thread, bookId: 'x' } },
      { thread: { ...thread, within: [{ documentId: 'x', ordinals: [1] }] } },
      { thread: { ...thread, searchAids: { reuses: true, variants: true } } },
      { thread: { ...thread, sampling: { ...thread.sampling, maxTokens: 9 } } },
    ];
    const keys = await Promise.all([{}, ...others].map((change) => answerKey({ ...input, ...change })));
    expect(new Set(keys).size).toBe(others.length + 1);
  });

  test('only where it is switched on, with documents, and without chance', () => {
    expect(canRepeat(thread)).toBe(true);
    expect(canRepeat({ ...thread, searchAids: {} })).toBe(false);
    expect(canRepeat({ ...thread, collectionIds: [] })).toBe(false);
    const sampling = { ...thread.sampling, temperature: 0.7 };
    expect(canRepeat({ ...thread, sampling })).toBe(false);
    expect(canRepeat({ ...thread, sampling: { ...sampling, seed: 7 } })).toBe(true);
  });
});

/** Rows in memory, as the repositories give them. */
function shelf() {
  const documents = new Map([document('x'), document('y')].map((each) => [each.id, each]));
  const settings = new Map<string, unknown>();
  const messages: MessageRecord[] = [];
  const repositories = {
    library: {
      documents: async (collectionId: string) =>
        [...documents.values()].filter(({ collectionIds }) => collectionIds.includes(collectionId)),
      document: async (id: string) => documents.get(id),
    },
    settings: {
      get: async (key: string) => settings.get(key),
      set: async (key: string, value: unknown) => void settings.set(key, value),
    },
    threads: { get: async (id: string) => (id === 't' ? thread : undefined), messages: async () => messages },
  } as unknown as Pick<Repositories, 'library' | 'settings' | 'threads'>;
  return { documents, messages, settings, cache: createAnswerCache(repositories) };
}

describe('answers of before', () => {
  const answer: MessageRecord = { ...(asked('At 8.4 bar.')[0] as MessageRecord), id: 'a', role: 'assistant' };
  const { documents: _, ...question } = input;

  test('found as long as its documents are what they were; undo brings it back', async () => {
    const { cache, documents, messages } = shelf();
    messages.push(answer);
    const find = async () => cache.find(await cache.keyOf(question));
    expect(await find()).toBeUndefined();
    await cache.remember(await cache.keyOf(question), answer);
    expect(await find()).toEqual(answer);

    documents.delete('y');
    expect(await find()).toBeUndefined();
    documents.set('y', document('y'));
    expect(await find()).toEqual(answer);
    documents.set('z', document('z'));
    expect(await find()).toBeUndefined();
    documents.set('z', document('z', { collectionIds: ['elsewhere'] })); // out of reach: it changes nothing
    expect(await find()).toEqual(answer);
  });

  test('gone with its message, and never one that is not complete; a broken row is an empty one', async () => {
    const { cache, messages, settings } = shelf();
    await cache.remember('k', answer);
    expect(await cache.find('k')).toBeUndefined();
    messages.push({ ...answer, status: 'stopped' });
    expect(await cache.find('k')).toBeUndefined();
    messages[0] = answer;
    expect(await cache.find('k')).toEqual(answer);
    settings.set('answer-cache', 'nonsense');
    expect(await cache.find('k')).toBeUndefined();
  });

  test('the oldest goes first when there are too many', async () => {
    const { cache, messages } = shelf();
    messages.push(answer);
    for (let i = 0; i <= 300; i++) await cache.remember(`k${i}`, answer);
    expect(await cache.find('k0')).toBeUndefined();
    expect(await cache.find('k1')).toEqual(answer);
  });
});
