import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { Contract } from '#rpc/contract.ts';

export const llmContract: Contract<ChatEngine> = {
  load: 'unary',
  generate: 'stream',
  countTokens: 'unary',
  unload: 'unary',
};
