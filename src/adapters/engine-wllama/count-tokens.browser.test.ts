import { expect, test } from 'vitest';
import { createWllamaEngine } from './index.ts';
import { LOAD_SMOL, SMOL, sampleFiles } from './sample-model.test-support.ts';

test('a prompt has the same tokens whatever the context, also one that llama.cpp rounds up', async () => {
  const engine = createWllamaEngine({ openFile: await sampleFiles() });
  const messages = [{ role: 'user', content: 'What is the capital of France?' }] as const;
  const totals: number[] = [];
  for (const contextTokens of [512, 896]) {
    await engine.load({ ...LOAD_SMOL, contextTokens });
    totals.push((await engine.countTokens({ modelId: SMOL.id, messages })).total);
  }
  await engine.unload({ modelId: SMOL.id });
  expect(totals[0]).toBeGreaterThan(8);
  expect(totals[1]).toBe(totals[0]);
});
