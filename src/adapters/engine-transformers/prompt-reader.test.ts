import { expect, test } from 'vitest';
import type { ChatGraphs, Rows } from './chat-graphs.ts';
import type { ChatPrompt } from './chat-prompt.ts';
import { createPromptReader } from './prompt-reader.ts';

const IMAGE = 99;

/** A decoder that adds up what it reads; its tower for pictures gives `features` numbers, one a token. */
function adder(features: number): ChatGraphs {
  let read: number[] = [];
  const embed = async (ids: readonly number[]): Promise<Rows> => ({ data: Float32Array.from(ids), width: 1 });
  return {
    cache: {
      canCut: true,
      get length() {
        return read.length;
      },
      feeds: () => ({}),
      take: () => {},
      async keep(count) {
        read = read.slice(0, count);
      },
    },
    seesImages: true,
    embed,
    see: async () => ({ data: new Float32Array(features).fill(1000), width: 1 }),
    async decode(_ids, rows) {
      read.push(...(rows?.data ?? []));
      return Float32Array.of(read.reduce((sum, value) => sum + value, 0));
    },
    release: async () => {},
  };
}

const picture = { key: 'red', ids: [IMAGE, IMAGE], inputs: async () => ({}) };
const prompt: ChatPrompt = {
  ids: [1, IMAGE, IMAGE, 2],
  pictures: [{ start: 1, picture }],
  opensThinking: false,
};
const options = { signal: undefined, onRead: () => {} };

test('a picture takes the places of its tokens, and is not seen again', async () => {
  const reader = createPromptReader(adder(2), 'wasm', IMAGE);
  expect(await reader.reuse(prompt)).toBe(0);
  expect([...(await reader.read(prompt, options))]).toEqual([2003]);
  const longer = { ...prompt, ids: [...prompt.ids, 3] };
  expect(await reader.reuse(longer)).toBe(4);
  expect([...(await reader.read(longer, options))]).toEqual([2006]);
});

test.each([1, 3])(
  'a picture of two places and %i features is refused, also when it is asked again',
  async (count) => {
    const reader = createPromptReader(adder(count), 'wasm', IMAGE);
    for (const again of [false, true]) {
      expect(await reader.reuse(prompt), String(again)).toBeLessThanOrEqual(1);
      await expect(reader.read(prompt, options)).rejects.toMatchObject({ code: 'input/unsupported' });
    }
  },
);
