import { llmContract } from '#contracts/llm.ts';
import { createEngineRouter } from '#core/models/index.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';

/** Engines are fetched when a model asks for them: together they are over 20 MB. */
const engines = createEngineRouter({
  wllama: async () => (await import('./wllama.ts')).createEngine(),
  webllm: async () => (await import('./webllm.ts')).createEngine(),
  transformers: async () => (await import('./transformers.ts')).createEngine(),
  openai: async () => (await import('./openai.ts')).createEngine(),
});

const server: Server<ChatEngine> = {
  load: (input, { signal, progress }) => engines.load(input, { signal, onProgress: progress }),
  generate: (input, { signal, progress }) => engines.generate(input, { signal, onProgress: progress }),
  countTokens: (input, { signal }) => engines.countTokens(input, { signal }),
  unload: (input, { signal }) => engines.unload(input, { signal }),
};

serve(llmContract, server, self as unknown as Port<ToClient, ToServer>);
