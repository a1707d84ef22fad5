import type { LoadRequest } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';

/** The real server that vite-plugins/openai-test-server.ts mounts, with the real SmolLM2 behind it. */
export const SERVER: ModelSpec = {
  id: 'test-server/smollm2',
  task: 'chat',
  engine: 'openai',
  label: 'SmolLM2 on the test server',
  licence: 'apache-2.0',
  contextTokens: 1024,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 0 },
  files: [],
  sources: [],
  quantization: 'Q4_1',
  summary: 'A server for tests.',
  baseUrl: `${location.origin}/__openai/v1`,
  remoteModel: 'smollm2',
};

export const LOAD_SERVER: LoadRequest = { model: SERVER, contextTokens: 1024, device: 'cpu', threads: 0 };
