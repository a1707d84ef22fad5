import { describeChatEngine } from '#core/ports/chat-engine.conformance.ts';
import type { LoadRequest } from '#core/ports/chat-engine.ts';
import { createWebllmEngine } from './index.ts';
import { LOAD_SMOL, SMOL, sampleFiles } from './sample-model.test-support.ts';

const named = (id: string): LoadRequest => ({ ...LOAD_SMOL, model: { ...SMOL, id } });

describeChatEngine('engine-webllm', async () => ({
  engine: createWebllmEngine({ openFile: await sampleFiles() }),
  load: LOAD_SMOL,
  traits: {
    jsonSchema: true,
    continues: true,
    exactTokens: true,
    reusesPrefix: true,
    abortMs: 500,
    overlongPrompt: 'A river runs to the sea. '.repeat(100),
    badLoads: [
      { name: 'weights cut short', request: named('cut-weights'), codes: ['model/integrity'] },
      { name: 'library cut short', request: named('cut-library'), codes: ['model/integrity'] },
      { name: 'a web page as library', request: named('page-for-library'), codes: ['model/integrity'] },
      { name: 'a web page as settings', request: named('page-for-config'), codes: ['model/integrity'] },
      { name: 'a file is missing', request: named('no-tokenizer'), codes: ['model/not-found'] },
      { name: 'on the CPU', request: { ...LOAD_SMOL, device: 'cpu' }, codes: ['input/unsupported'] },
      {
        name: 'no 16-bit shaders here',
        request: { ...LOAD_SMOL, model: { ...SMOL, needs: { ...SMOL.needs, shaderF16: true } } },
        codes: ['capability/webgpu-missing'],
      },
      {
        name: 'more context than memory',
        request: { ...LOAD_SMOL, model: { ...SMOL, contextTokens: 4_000_000 }, contextTokens: 4_000_000 },
        codes: ['model/out-of-memory'],
      },
    ],
    timeoutMs: 60_000,
  },
}));
