import { describeChatEngine } from '#core/ports/chat-engine.conformance.ts';
import type { LoadRequest } from '#core/ports/chat-engine.ts';
import { createWllamaEngine } from './index.ts';
import { LOAD_TINY_VLM, sightedFiles, TINY_BLIND } from './sighted-model.test-support.ts';

const LOAD: LoadRequest = { ...LOAD_TINY_VLM, model: TINY_BLIND };
const named = (id: string): LoadRequest => ({ ...LOAD, model: { ...TINY_BLIND, id } });

describeChatEngine('engine-wllama', async () => ({
  engine: createWllamaEngine({ openFile: await sightedFiles() }),
  load: LOAD,
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
      { name: 'no GPU here', request: { ...LOAD, device: 'gpu' }, codes: ['capability/webgpu-missing'] },
      {
        name: 'more context than memory',
        request: { ...LOAD, model: { ...TINY_BLIND, contextTokens: 40_000_000 }, contextTokens: 40_000_000 },
        codes: ['model/out-of-memory'],
      },
    ],
    timeoutMs: 60_000,
  },
}));
