import { Tokenizer as HfTokenizer } from '@huggingface/tokenizers';
import { expect, test } from 'vitest';
import type { ModelSpec } from '#core/ports/model.ts';
import { describeTokenizer } from '#core/ports/tokenizer.conformance.ts';
import { loadHfTokenizer } from './index.ts';

const BGE = { id: 'bge-small-en-v1.5', label: 'BGE small' } as ModelSpec;

async function openFile(modelId: string, path: string): Promise<File> {
  const response = await fetch(`/models/${modelId}/${path}`);
  if (!response.ok) throw new Error(`The test pack is missing: ${response.url} answered ${response.status}`);
  return new File([await response.blob()], path);
}

describeTokenizer('tokenizer-hf (bge-small)', async () => {
  const read = async (path: string) => JSON.parse(await (await openFile(BGE.id, path)).text()) as object;
  const whole = new HfTokenizer(await read('tokenizer.json'), await read('tokenizer_config.json'));
  return {
    tokenizer: await loadHfTokenizer(BGE, openFile),
    modelCount: (text) => whole.encode(text, { add_special_tokens: false }).ids.length,
    samples: [
      { text: 'The Relief  Valve', tokens: ['The', 'Relief', 'Valve'] },
      { text: ' unaffable, isn’t', tokens: ['una', 'ffa', 'ble', ',', 'isn', '’', 't'] },
      { text: 'Café cafe\u0301!', tokens: ['Café', 'cafe\u0301', '!'] },
      { text: 'İstanbul ΟΔΟΣ', tokens: ['İstanbul', 'Ο', 'Δ', 'ΟΣ'] },
      { text: 'a東京b', tokens: ['a', '東', '京', 'b'] },
      { text: '😀 ok 👍🏽.', tokens: ['😀', 'ok', '👍🏽', '.'] },
      { text: `${'x'.repeat(101)} y`, tokens: ['x'.repeat(101), 'y'] },
      { text: 'soft\u00ADware\u0000s', tokens: ['soft\u00ADware\u0000', 's'] },
      { text: 'a[SEP]b', tokens: ['a', '[SEP]', 'b'] },
    ],
  };
});

test('special tokens are counted', async () => {
  expect((await loadHfTokenizer(BGE, openFile)).specialTokens).toBe(2);
});

test('a tokenizer that cannot be read is said to be damaged', async () => {
  const broken = async (_modelId: string, path: string): Promise<File> => new File(['{"model":'], path);
  await expect(loadHfTokenizer(BGE, broken)).rejects.toMatchObject({ code: 'model/integrity' });
});
