import type { PromptImage, PromptMessage, TokenCount } from '#core/ports/chat-engine.ts';
import type { OpenModel } from './open-model.ts';
import { readMessages } from './prompt-messages.ts';

const KEPT_COUNTS = 2000;
/** For files that name no special token: of a picture nothing is known but that it is not small. */
const ESTIMATED_IMAGE_TOKENS = 256;
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
 * milliseconds, and what is cached stays cached. Pictures are decoded and cut up for it, but not encoded.
 */
export function createTokenCounter({
  wllama,
  endToken,
  loaded: { contextTokens },
  request: { model },
}: Pick<OpenModel, 'wllama' | 'endToken' | 'loaded' | 'request'>): TokenCounter {
  // llama.cpp rounds its context up: a filler of just the asked size would fit in, and be computed.
  const fillerTokens = Math.ceil(contextTokens / CONTEXT_STEP) * CONTEXT_STEP;
  const filler = endToken?.repeat(fillerTokens) ?? '';
  const known = new Map<string, number>(); // of single messages: the same ones are counted again each turn
  let headTokens: number | undefined;

  async function countPrompt(messages: readonly PromptMessage[]): Promise<number> {
    const last = messages.at(-1);
    if (last === undefined) return 0;
    const overfull = [...messages.slice(0, -1), { ...last, content: last.content + filler }];
    const read = await readMessages(overfull, model.label);
    try {
      await wllama.createChatCompletion({ messages: read, stream: true, max_tokens: 1, onData: () => {} });
    } catch (error) {
      const counted = COUNTED.exec(error instanceof Error ? error.message : '')?.[1];
      if (counted !== undefined) return Number(counted) - fillerTokens;
      throw error;
    }
    throw new Error('A prompt larger than the context was accepted');
  }

  /** A question alone, without the template around it. */
  async function countMessage({ content, images = [] }: PromptMessage): Promise<number> {
    const key = [...images.map(sizeKey), content].join('\n');
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    // One after the other: two calls at once and neither comes back.
    headTokens ??= await countPrompt([{ role: 'user', content: '' }]);
    const tokens = Math.max(0, (await countPrompt([{ role: 'user', content, images }])) - headTokens);
    known.set(key, tokens);
    if (known.size > KEPT_COUNTS) known.delete(known.keys().next().value ?? '');
    return tokens;
  }

  return {
    async count(messages) {
      if (messages.length === 0) return { perMessage: [], total: 0, isExact: true };
      if (endToken === undefined) return estimate(messages);
      const total = await countPrompt(messages);
      const alone: number[] = [];
      for (const message of messages) alone.push(await countMessage(message));
      return { perMessage: shareTemplate(alone, total), total, isExact: true };
    },
  };
}

/** How many tokens a picture takes depends on its size alone. */
function sizeKey({ width, height, blob }: PromptImage): string {
  return `${width}×${height} ${blob.size}`;
}

/** The tokens of the template are spread evenly; what does not divide goes to the first, where most of it stands. */
function shareTemplate(alone: readonly number[], total: number): readonly number[] {
  const template = total - alone.reduce((sum, tokens) => sum + tokens, 0);
  const each = Math.floor(template / alone.length);
  const rest = template - each * alone.length;
  return alone.map((tokens, i) => tokens + each + (i === 0 ? rest : 0));
}

/** About four characters a token, for files that name no special token. */
function estimate(messages: readonly PromptMessage[]): TokenCount {
  const perMessage = messages.map(
    ({ content, images = [] }) => Math.ceil(content.length / 4) + 4 + images.length * ESTIMATED_IMAGE_TOKENS,
  );
  return { perMessage, total: perMessage.reduce((sum, tokens) => sum + tokens, 0), isExact: false };
}
