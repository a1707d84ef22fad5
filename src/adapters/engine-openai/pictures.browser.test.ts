import { describe, expect, test } from 'vitest';
import { codeOf, GREEDY } from '#core/ports/chat-engine.test-support.ts';
import type { LoadRequest, PromptImage } from '#core/ports/chat-engine.ts';
import { describeSightedChatEngine } from '#core/ports/chat-engine-images.conformance.ts';
import { colourServer, sheet } from './colour-server.test-support.ts';
import { createOpenAiEngine, listServerModels } from './index.ts';
import { LOAD_SERVER, SERVER } from './sample-server.test-support.ts';

const MODEL = { ...SERVER, id: 'seer', baseUrl: 'https://seer.example/v1', remoteModel: 'seer' };
const LOAD: LoadRequest = { ...LOAD_SERVER, model: MODEL };
const SIGHTED = { data: [{ id: 'seer', architecture: { input_modalities: ['text', 'image'] } }] };
const SILENT = { data: [{ id: 'seer' }] };
const QUESTION = 'Which colour is it?';

describeSightedChatEngine('engine-openai', async () => ({
  engine: createOpenAiEngine({ fetch: colourServer(SIGHTED) }),
  load: LOAD,
  pictures: [
    { name: 'red', image: await sheet('#e02020', 'image/jpeg'), question: QUESTION, answer: 'red' },
    { name: 'blue', image: await sheet('#2020e0', 'image/png'), question: QUESTION, answer: 'blue' },
  ],
  traits: { exactTokens: false, reusesPictures: false, abortMs: 500 },
}));

async function answerOf(
  fetch: typeof globalThis.fetch,
  images: readonly PromptImage[],
  model = MODEL,
): Promise<string> {
  const engine = createOpenAiEngine({ fetch });
  await engine.load({ ...LOAD, model });
  const messages = [{ role: 'user' as const, content: QUESTION, images }];
  let text = '';
  for await (const event of engine.generate({ modelId: model.id, messages, sampling: GREEDY }))
    if (event.type === 'text-delta') text += event.text;
  return text;
}

describe('a server and pictures', () => {
  test.each([
    ['a router of many models', SIGHTED],
    ['llama.cpp', { ...SILENT, models: [{ name: 'seer', capabilities: ['completion', 'multimodal'] }] }],
    ['its capabilities', { data: [{ id: 'seer', capabilities: { vision: true } }] }],
  ])('what %s say of sight is read', async (_name, models) => {
    const engine = createOpenAiEngine({ fetch: colourServer(models) });
    expect((await engine.load(LOAD)).seesImages).toBe(true);
    const listed = await listServerModels(MODEL.baseUrl, undefined, colourServer(models));
    expect(listed).toEqual([{ id: 'seer', seesImages: true }]);
  });

  test('several go in order', async () => {
    const images = [await sheet('#e02020', 'image/jpeg'), await sheet('#20a020', 'image/png')];
    expect(await answerOf(colourServer(SIGHTED), images)).toBe('red and green');
  });

  test('where the server says nothing, the user’s word counts, and without it nothing is sent', async () => {
    const red = [await sheet('#e02020', 'image/png')];
    expect(await codeOf(answerOf(colourServer(SILENT), red))).toBe('input/unsupported');
    expect(await answerOf(colourServer(SILENT), red, { ...MODEL, seesImages: true })).toBe('red');
  });

  test('a server that takes none after all is input/unsupported', async () => {
    const message = 'image input is not supported - hint: you may need to provide the mmproj';
    const blind: typeof fetch = async (input) =>
      String(input).endsWith('/models')
        ? Response.json(SIGHTED)
        : Response.json({ error: { message } }, { status: 500 });
    expect(await codeOf(answerOf(blind, [await sheet('#e02020', 'image/png')]))).toBe('input/unsupported');
  });
});
