import { describe, expect, test } from 'vitest';
import type { ChatEngine, GenerateRequest } from '#core/ports/chat-engine.ts';
import type { MessageRecord, SearchAids, SourcePassage } from '#core/ports/chat-records.ts';
import type { Library, SearchRequest } from '#core/ports/library.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { answer } from './answer.ts';
import { textOf } from './parts.ts';
import { createThread } from './presets.ts';
import { wordingsIn } from './search-wordings.ts';

const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** Says how many words it was given, and keeps what it was asked. */
function countingEngine(asked: GenerateRequest[]): ChatEngine {
  const counts = (messages: GenerateRequest['messages']) => messages.map(({ content }) => words(content));
  return {
    load: async () => Promise.reject(new Error('loaded already')),
    unload: async () => {},
    async countTokens({ messages }) {
      const perMessage = counts(messages);
      return { perMessage, total: perMessage.reduce((a, b) => a + b, 0), isExact: true };
    },
    async *generate(request) {
      asked.push(request);
      const promptTokens = counts(request.messages).reduce((a, b) => a + b, 0);
      yield { type: 'text-delta', text: ` ${promptTokens} words [1].` };
      const usage = {
        promptTokens,
        cachedTokens: 0,
        completionTokens: 3,
        ttftMs: 1,
        prefillTokensPerSecond: 1,
        decodeTokensPerSecond: 1,
      };
      yield { type: 'finish', reason: 'stop', usage };
    },
  };
}

const passage: SourcePassage = {
  number: 1,
  documentId: 'd',
  documentName: 'valves.md',
  ordinal: 0,
  text: 'The relief valve opens at 8.4 bar.',
  start: 0,
  end: 34,
  headingPath: [],
  score: 1,
  origin: 'lexical',
};

/** Finds the passage for any question, and supports what cites it. */
function library(searched: string[], aligned: string[], requests: SearchRequest[]): Library {
  return {
    search: async (request: SearchRequest) => {
      requests.push(request);
      searched.push(request.query);
      return { passages: [passage] };
    },
    align: async ({ answer: text }: { answer: string }) => {
      aligned.push(text);
      return [{ start: 0, end: text.length, source: text.includes('[1]') ? 1 : null, score: 1 }];
    },
  } as unknown as Library;
}

function message(id: string, role: MessageRecord['role'], parts: MessageRecord['parts']): MessageRecord {
  return { id, threadId: 't', parentId: null, role, parts, createdAt: 1, status: 'complete' };
}

async function run(path: readonly MessageRecord[], continues: boolean, searchAids: SearchAids = {}) {
  const asked: GenerateRequest[] = [];
  const [searched, aligned]: [string[], string[]] = [[], []];
  const requests: SearchRequest[] = [];
  const events = [];
  const model = { id: 'm' } as ModelSpec;
  const loaded = {
    modelId: 'm',
    contextTokens: 2000,
    runsOn: 'wasm',
    threads: 1,
    placeLabel: '',
    loadMs: 1,
  } as const;
  for await (const event of answer({
    engine: countingEngine(asked),
    ready: { model, loaded },
    thread: { ...createThread('t', 1), collectionIds: ['c'], searchAids },
    path,
    continues,
    library: library(searched, aligned, requests),
    reranker: model,
    attachment: async () => undefined,
    signal: new AbortController().signal,
  }))
    events.push(event);
  return { asked, searched, aligned, events, requests };
}

const question = message('q', 'user', [{ type: 'text', text: 'When does the valve open?' }]);
const sources = { type: 'sources', query: 'q', passages: [passage], leftOut: 0 } as const;

describe('an answer from documents', () => {
  test('sources come before the first token, supports after the last, the finish at the end', async () => {
    const { events, asked, aligned } = await run([question], false);
    const kinds = events.map((event) => (event.type === 'part' ? event.part.type : event.type));
    expect(kinds).toEqual(['sources', 'planned', 'text-delta', 'supports', 'finish']);
    expect(asked[0]?.messages.at(-1)?.content).toContain(passage.text);
    expect(aligned[0]).toMatch(/words \[1\]\.$/);
  });

  test('one that goes on keeps its sources, searches nothing, and is aligned as a whole', async () => {
    const begun = message('a', 'assistant', [sources, { type: 'text', text: 'It opens at' }]);
    const { events, asked, searched, aligned } = await run([question, begun], true);
    expect(searched).toEqual([]);
    expect(asked[0]?.continues).toBe(true);
    const [prompt, last] = asked[0]?.messages ?? [];
    expect(prompt?.content).toContain(passage.text);
    expect(last).toEqual({ role: 'assistant', content: textOf(begun) });
    const deltas = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
    expect(deltas.join('')).toMatch(/^ \d+ words/); // the space between two words is kept
    expect(aligned).toEqual([`It opens at${deltas.join('')}`]);
  });

  test('aids are asked of the model one by one, searched for, and shown with the sources', async () => {
    const before = [question, message('a', 'assistant', [{ type: 'text', text: 'At 8.4 bar.' }])];
    const followUp = message('q2', 'user', [{ type: 'text', text: 'And the other one?' }]);
    const path = [...before, followUp];
    expect((await run(path, false)).requests[0]).toMatchObject({ query: 'And the other one?', also: [] });
    const all = { rewrites: true, variants: true, hypothetical: true, reranks: true };
    const { asked, requests, events } = await run(path, false, all);
    expect(asked).toHaveLength(4); // three small tasks, then the answer
    expect(asked[0]?.messages[0]?.content).toContain('Assistant: At 8.4 bar.');
    expect(asked.slice(0, 3).every(({ sampling }) => sampling.temperature === 0)).toBe(true);
    const [request] = requests;
    expect(request?.query).toMatch(/^\d+ words \[1\]\.$/); // what the engine made of it
    expect(request?.also?.map(({ kind }) => kind)).toEqual(['query', 'query', 'passage']);
    expect(request?.also?.[0]?.text).toBe('And the other one?');
    expect(request?.reranker?.id).toBe('m');
    const part = events.find((event) => event.type === 'part' && event.part.type === 'sources');
    expect(part).toMatchObject({
      part: {
        query: 'And the other one?',
        wordings: [{ kind: 'rewritten' }, { kind: 'variant' }, { kind: 'hypothetical' }],
      },
    });
  });

  test('a first question has nothing to be rewritten from', async () => {
    const { asked, requests } = await run([question], false, { rewrites: true });
    expect(asked).toHaveLength(1);
    expect(requests[0]?.query).toBe('When does the valve open?');
  });

  test('wordings are read line by line, without what a model puts around them', () => {
    expect(
      wordingsIn('Here are three:\n1. “Valve pressure”\n- Opening of the valve\n\n1. “Valve pressure”', 3),
    ).toEqual(['Valve pressure', 'Opening of the valve']);
    expect(wordingsIn('x'.repeat(400), 3)).toEqual([]);
  });
});
