import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Mounts the real test server of scripts/openai-test-server.mjs at /__openai for browser tests. Never in a build. */
export function openAiTestServer(): Plugin {
  return {
    name: 'benchtop:openai-test-server',
    apply: 'serve',
    async configureServer(server) {
      const script = resolve(import.meta.dirname, '../scripts/openai-test-server.mjs');
      const { createOpenAiHandler } = await import(script);
      const models = resolve(process.env.BENCHTOP_MODELS ?? '.models');
      const handle = createOpenAiHandler({
        modelPath: resolve(models, 'smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf'),
      });
      server.middlewares.use('/__openai', (request, response) => void handle(request, response));
    },
  };
}
