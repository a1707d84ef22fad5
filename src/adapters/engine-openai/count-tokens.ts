import type { PromptMessage, TokenCount } from '#core/ports/chat-engine.ts';
import { isAbort } from '#shared/errors.ts';
import type { ServerClient } from './server-client.ts';
import { templateSchema, tokenizeSchema } from './wire.ts';

/** English prose has about four characters a token; used only where the server counts nothing, and said so. */
const CHARACTERS_PER_TOKEN = 4;

export function estimateTokens(messages: readonly PromptMessage[]): TokenCount {
  const perMessage = messages.map(({ content }) => Math.ceil(content.length / CHARACTERS_PER_TOKEN) + 4);
  return { perMessage, total: perMessage.reduce((a, b) => a + b, 0), isExact: false };
}

/**
 * Counts with the server's tokenizer and template: vLLM's `/tokenize` takes messages, llama.cpp's `/apply-template` and
 * `/tokenize` go one after the other. A message's share is the growth of the prompt when it is added.
 */
export function createTokenCounter(client: ServerClient) {
  let style: 'messages' | 'template' | 'none' | undefined;

  async function withMessages(messages: readonly PromptMessage[], signal?: AbortSignal): Promise<number> {
    const answer = await client.json(
      tokenizeSchema,
      '../tokenize',
      { model: client.modelName, messages, add_generation_prompt: true },
      signal,
    );
    return 'count' in answer ? answer.count : Number.NaN;
  }

  async function withTemplate(messages: readonly PromptMessage[], signal?: AbortSignal): Promise<number> {
    const { prompt } = await client.json(templateSchema, '../apply-template', { messages }, signal);
    const answer = await client.json(
      tokenizeSchema,
      '../tokenize',
      { content: prompt, add_special: true, parse_special: true },
      signal,
    );
    return 'tokens' in answer ? answer.tokens.length : answer.count;
  }

  async function probe(messages: readonly PromptMessage[], signal?: AbortSignal): Promise<typeof style> {
    for (const [name, count] of [
      ['template', withTemplate],
      ['messages', withMessages],
    ] as const) {
      const total = await count(messages, signal).catch((error: unknown) => {
        if (isAbort(error)) throw error;
        return Number.NaN; // this server has no such end point: try the next
      });
      if (total > 0) return name;
    }
    return 'none';
  }

  return async (messages: readonly PromptMessage[], signal?: AbortSignal): Promise<TokenCount> => {
    if (messages.length === 0) return { perMessage: [], total: 0, isExact: true };
    style ??= await probe(messages, signal);
    if (style === 'none') return estimateTokens(messages);
    const count = style === 'messages' ? withMessages : withTemplate;
    const perMessage: number[] = [];
    let before = 0;
    for (let n = 1; n <= messages.length; n++) {
      const total = await count(messages.slice(0, n), signal);
      perMessage.push(total - before);
      before = total;
    }
    return { perMessage, total: before, isExact: true };
  };
}
