import { describe, expect, test } from 'vitest';
import type { GenerateEvent, GenerateRequest, LoadRequest } from '#core/ports/chat-engine.ts';
import { createOpenAiEngine, listServerModels } from './index.ts';
import { LOAD_SERVER, SERVER } from './sample-server.test-support.ts';

const ROOT = `${location.origin}/__openai`;
const realFetch: typeof fetch = (input, init) => fetch(input, init);

const at = (baseUrl: string, more: Partial<LoadRequest['model']> = {}): LoadRequest => ({
  ...LOAD_SERVER,
  model: { ...SERVER, baseUrl, ...more },
});

const QUESTION: GenerateRequest = {
  modelId: SERVER.id,
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
  sampling: {
    temperature: 0,
    topP: 1,
    topK: 0,
    minP: 0,
    repetitionPenalty: 1,
    maxTokens: 8,
    stop: [],
  },
};

async function connect(request: LoadRequest) {
  const engine = createOpenAiEngine({ fetch: realFetch });
  await engine.load(request);
  return engine;
}

async function collect(events: AsyncIterable<GenerateEvent>): Promise<readonly GenerateEvent[]> {
  const all: GenerateEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const textOf = (events: readonly GenerateEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

describe('addresses', () => {
  test.each([`${ROOT}/v1`, `${ROOT}/v1/`, `${ROOT}/v1//`, ROOT, `${ROOT}/`])(
    '%s is the server',
    async (url) => {
      const engine = await connect(at(url));
      expect(textOf(await collect(engine.generate(QUESTION)))).toContain('Paris');
      const counted = await engine.countTokens({ modelId: SERVER.id, messages: QUESTION.messages });
      expect(counted.isExact).toBe(true);
      expect(await listServerModels(url, undefined, realFetch)).toEqual([
        { id: 'smollm2', contextTokens: 1024 },
      ]);
    },
  );

  test('a path without a server is said to be that', async () => {
    await expect(connect(at(`${ROOT}/v1/chat`))).rejects.toMatchObject({
      code: 'model/not-found',
      message: expect.stringContaining('usually ends with /v1'),
    });
  });

  test('a page that is no server is said to be that', async () => {
    await expect(connect(at(`${location.origin}/v1`))).rejects.toMatchObject({ code: 'input/invalid' });
  });
});

describe('keys', () => {
  test('a missing or wrong key is network/blocked', async () => {
    await expect(connect(at(`${ROOT}/needs-key/v1`))).rejects.toMatchObject({
      code: 'network/blocked',
      message: expect.stringContaining('401'),
    });
    await expect(connect(at(`${ROOT}/needs-key/v1`, { apiKey: 'guess' }))).rejects.toMatchObject({
      code: 'network/blocked',
    });
  });

  test('the right key opens', async () => {
    const engine = await connect(at(`${ROOT}/needs-key/v1`, { apiKey: 'test-key' }));
    expect(textOf(await collect(engine.generate(QUESTION)))).toContain('Paris');
  });
});

describe('other manners', () => {
  test('a line that breaks in an answer is network/failed, and the next answer is not held up', async () => {
    const engine = await connect(at(`${ROOT}/cuts/v1`));
    let text = '';
    const broken = async (): Promise<void> => {
      for await (const event of engine.generate(QUESTION))
        if (event.type === 'text-delta') text += event.text;
    };
    await expect(broken()).rejects.toMatchObject({ code: 'network/failed' });
    expect(text).not.toBe('');
    await engine.load(at(`${ROOT}/v1`, { id: 'whole' }));
    expect(textOf(await collect(engine.generate({ ...QUESTION, modelId: 'whole' })))).toContain('Paris');
  });

  test('a server that counts no tokens: an estimate, and a warning that says so', async () => {
    const engine = await connect(at(`${ROOT}/bare/v1`));
    const counted = await engine.countTokens({ modelId: SERVER.id, messages: QUESTION.messages });
    expect(counted).toMatchObject({ isExact: false });
    expect(counted.total).toBeGreaterThan(5);
    const events = await collect(engine.generate(QUESTION));
    expect(events.at(-2)).toMatchObject({ type: 'warning', code: 'tokens-estimated' });
    const finish = events.at(-1);
    expect(finish?.type === 'finish' && finish.usage.completionTokens).toBeGreaterThan(1);
    expect(finish?.type === 'finish' && finish.usage.promptTokens).toBe(counted.total);
  });

  test('an address that the page’s security policy refuses is named with the way to allow it', async () => {
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "connect-src 'self' ws: wss: http://localhost:* http://127.0.0.1:*";
    document.head.append(policy);
    await expect(connect(at('https://llm.example/v1'))).rejects.toMatchObject({
      code: 'network/blocked',
      message: expect.stringContaining('--connect https://llm.example'),
    });
  });
});
