import { describeChatEngine } from '#core/ports/chat-engine.conformance.ts';
import type { LoadRequest } from '#core/ports/chat-engine.ts';
import { createWllamaEngine } from './index.ts';
import { LOAD_SMOL, SMOL, sampleFiles } from './sample-model.test-support.ts';

const named = (id: string): LoadRequest => ({ ...LOAD_SMOL, model: { ...SMOL, id } });

describeChatEngine('engine-wllama', async () => ({
  engine: createWllamaEngine({ openFile: await sampleFiles() }),
  load: LOAD_SMOL,
  traits: {
    jsonSchema: true,
    continues: true,
    exactTokens: true,
    reusesPrefix: true,
    abortMs: 500,
    overlongPrompt: 'A river runs to the sea. '.repeat(100),
    badLoads: [
      { name: 'cut short', request: named('truncated'), codes: ['model/integrity'] },
      { name: 'a web page', request: named('not-a-model'), codes: ['model/integrity'] },
      {
        name: 'damaged',
        request: named('garbled'),
        codes: ['model/integrity', 'model/load-failed', 'input/unsupported'],
      },
      { name: 'no GPU here', request: { ...LOAD_SMOL, device: 'gpu' }, codes: ['capability/webgpu-missing'] },
      {
        name: 'more context than memory',
        request: { ...LOAD_SMOL, model: { ...SMOL, contextTokens: 2_000_000 }, contextTokens: 2_000_000 },
        codes: ['model/out-of-memory'],
      },
    ],
    timeoutMs: 60_000,
  },
}));
