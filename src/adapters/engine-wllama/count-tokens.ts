import type { Wllama } from '@wllama/wllama/esm/index.js';
import type { PromptMessage, TokenCount } from '#core/ports/chat-engine.ts';

const KEPT_COUNTS = 2000;
/** llama.cpp pads n_ctx to a multiple of it. */
const CONTEXT_STEP = 256;
const COUNTED = /\((\d+) tokens\) exceeds/;

/** Counts a chat prompt exactly as `generate` would see it. */
export interface TokenCounter {
  count(messages: readonly PromptMessage[]): Promise<TokenCount>;
}

/**
 * The package has no tokenizer call. But llama.cpp states the exact size of a prompt that does not fit, before it
 * computes anything: so the prompt is sent with more special tokens behind it than the context holds, and their number
 * is taken off. A special token never merges with its neighbours, so the rest is counted as it stands. It takes
 * milliseconds, and what is cached stays cached.
 */
export function createTokenCounter(
  wllama: Wllama,
  contextTokens: number,
  endToken: string | undefined,
): TokenCounter {
  // llama.cpp rounds its context up: a filler of just the asked size would fit in, and be computed.
  const fillerTokens = Math.ceil(contextTokens / CONTEXT_STEP) * CONTEXT_STEP;
  const filler = endToken?.repeat(fillerTokens) ?? '';
  const known = new Map<string, number>(); // of single texts: the same messages are counted again each turn
  let headTokens: number | undefined;

  async function countPrompt(messages: readonly PromptMessage[]): Promise<number> {
    const last = messages.at(-1);
    if (last === undefined) return 0;
    const overfull = [...messages.slice(0, -1), { ...last, content: last.content + filler }];
    try {
      const params = { messages: overfull, stream: true, max_tokens: 1, onData: () => {} } as const;
      await wllama.createChatCompletion(params);
    } catch (error) {
      const counted = COUNTED.exec(error instanceof Error ? error.message : '')?.[1];
      if (counted !== undefined) return Number(counted) - fillerTokens;
      throw error;
    }
    throw new Error('A prompt larger than the context was accepted');
  }

  /** A question's text alone, without the template around it. */
  async function countText(text: string): Promise<number> {
    const cached = known.get(text);
    if (cached !== undefined) return cached;
    // One after the other: two calls at once and neither comes back.
    headTokens ??= await countPrompt([{ role: 'user', content: '' }]);
    const tokens = Math.max(0, (await countPrompt([{ role: 'user', content: text }])) - headTokens);
    known.set(text, tokens);
    if (known.size > KEPT_COUNTS) known.delete(known.keys().next().value ?? '');
    return tokens;
  }

  return {
    async count(messages) {
      if (messages.length === 0) return { perMessage: [], total: 0, isExact: true };
      if (endToken === undefined) return estimate(messages);
      const total = await countPrompt(messages);
      const texts: number[] = [];
      for (const { content } of messages) texts.push(await countText(content));
      return { perMessage: shareTemplate(texts, total), total, isExact: true };
    },
  };
}

/** The tokens of the template are spread evenly; what does not divide goes to the first, where most of it stands. */
function shareTemplate(texts: readonly number[], total: number): readonly number[] {
  const template = total - texts.reduce((sum, tokens) => sum + tokens, 0);
  const each = Math.floor(template / texts.length);
  const rest = template - each * texts.length;
  return texts.map((tokens, i) => tokens + each + (i === 0 ? rest : 0));
}

/** About four characters a token, for files that name no special token. */
function estimate(messages: readonly PromptMessage[]): TokenCount {
  const perMessage = messages.map(({ content }) => Math.ceil(content.length / 4) + 4);
  return { perMessage, total: perMessage.reduce((sum, tokens) => sum + tokens, 0), isExact: false };
}
