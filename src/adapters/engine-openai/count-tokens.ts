import { hasImages } from '#core/models/index.ts';
import type { PromptImage, PromptMessage, TokenCount } from '#core/ports/chat-engine.ts';
import { isAbort } from '#shared/errors.ts';
import type { ServerClient } from './server-client.ts';
import { templateSchema, tokenizeSchema } from './wire.ts';

/** English prose has about four characters a token; used only where the server counts nothing, and said so. */
const CHARACTERS_PER_TOKEN = 4;

/** Qwen's rule, a token for 28 × 28 pixels, which is above what most others take; never less than they do. */
const PIXELS_PER_TOKEN = 28 * 28;
const LEAST_IMAGE_TOKENS = 256;

function imageTokens(images: readonly PromptImage[] = []): number {
  return images.reduce(
    (sum, { width, height }) =>
      sum + Math.max(LEAST_IMAGE_TOKENS, Math.ceil((width * height) / PIXELS_PER_TOKEN)),
    0,
  );
}

export function estimateTokens(messages: readonly PromptMessage[]): TokenCount {
  const perMessage = messages.map(
    ({ content, images }) => Math.ceil(content.length / CHARACTERS_PER_TOKEN) + 4 + imageTokens(images),
  );
  return { perMessage, total: perMessage.reduce((a, b) => a + b, 0), isExact: false };
}

/**
 * Counts with the server's tokenizer and template: vLLM's `/tokenize` takes messages, llama.cpp's `/apply-template` and
 * `/tokenize` go one after the other. A message's share is the growth of the prompt when it is added. Neither counts
 * pictures: they are estimated, and not sent for it.
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
    const words = messages.map(({ role, content }) => ({ role, content }));
    style ??= await probe(words, signal);
    if (style === 'none') return estimateTokens(messages);
    const count = style === 'messages' ? withMessages : withTemplate;
    const perMessage: number[] = [];
    let before = 0;
    for (let n = 1; n <= messages.length; n++) {
      const total = await count(words.slice(0, n), signal);
      perMessage.push(total - before + imageTokens(messages[n - 1]?.images));
      before = total;
    }
    const total = perMessage.reduce((sum, tokens) => sum + tokens, 0);
    return { perMessage, total, isExact: !hasImages(messages) };
  };
}
