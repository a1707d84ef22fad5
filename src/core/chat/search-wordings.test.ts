import { expect, test } from 'vitest';
import type { ChatEngine, GenerateEvent, GenerateRequest } from '#core/ports/chat-engine.ts';
import { searchWordings } from './search-wordings.ts';

const USAGE = {
  promptTokens: 1,
  cachedTokens: 0,
  completionTokens: 1,
  ttftMs: 1,
  prefillTokensPerSecond: 1,
  decodeTokensPerSecond: 1,
};

/** An engine that writes a text a token at a time, up to the tokens that it is allowed, as engines do. */
function createWriter(text: string) {
  const requests: GenerateRequest[] = [];
  let written = 0;
  const engine: Pick<ChatEngine, 'generate'> = {
    async *generate(request): AsyncGenerator<GenerateEvent, void, void> {
      requests.push(request);
      const tokens = text.match(/\s*\S+/g) ?? [];
      const { maxTokens } = request.sampling;
      for (const token of tokens.slice(0, maxTokens)) {
        written++;
        yield { type: 'text-delta', text: token };
      }
      yield { type: 'finish', reason: tokens.length > maxTokens ? 'length' : 'stop', usage: USAGE };
    },
  };
  return { engine: engine as ChatEngine, requests, written: () => written };
}

const ask = (engine: ChatEngine, aids: Parameters<typeof searchWordings>[0]['aids']) =>
  searchWordings({
    engine,
    modelId: 'm',
    signal: new AbortController().signal,
    aids,
    before: [],
    question: 'When does the valve open?',
  });

test('a model that thinks all the same has tokens left for its answer', async () => {
  const thought = 'Hmm, the user wants other wordings. '.repeat(60); // some 360 tokens
  const writer = createWriter(`<think>\n${thought}\n</think>\n\nopening of the valve\nvalve set point`);
  expect(await ask(writer.engine, { variants: true })).toEqual([
    { kind: 'variant', text: 'opening of the valve' },
    { kind: 'variant', text: 'valve set point' },
  ]);
});

test('it is asked not to think', async () => {
  const writer = createWriter('The valve opens at six bar.');
  expect(await ask(writer.engine, { hypothetical: true })).toHaveLength(1);
  expect(writer.requests.map(({ mayThink }) => mayThink)).toEqual([false]);
});

test('who does not think is stopped where a small task ends', async () => {
  const writer = createWriter('word '.repeat(1000));
  const [wording] = await ask(writer.engine, { hypothetical: true });
  expect(wording?.text.split(' ')).toHaveLength(120);
  expect(writer.written()).toBe(120);
});

test('who never comes to an end with thinking has no wording', async () => {
  const writer = createWriter(`<think>${'and so on '.repeat(1000)}`);
  expect(await ask(writer.engine, { variants: true, hypothetical: true })).toEqual([]);
});
