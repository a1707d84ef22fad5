import { createOpenAiEngine } from '#adapters/engine-openai/index.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';
import { createRecordedFetch } from '#shared/egress.ts';

export const createEngine = (): ChatEngine =>
  createOpenAiEngine({ fetch: createRecordedFetch('Answer by a server') });
