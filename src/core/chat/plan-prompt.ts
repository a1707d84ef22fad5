import type { PromptMessage, TokenCount } from '#core/ports/chat-engine.ts';
import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { AppError } from '#shared/errors.ts';
import { toPromptMessage } from './parts.ts';

export interface PromptPlan {
  readonly messages: readonly PromptMessage[];
  /** Tokens of `messages`, template included. */
  readonly promptTokens: number;
  readonly contextTokens: number;
  /** Room kept for the answer. */
  readonly reserveTokens: number;
  /** Ids of stored messages that no longer fit, oldest first. */
  readonly leftOut: readonly string[];
  readonly isExact: boolean;
}

export interface PlanPromptInput {
  readonly thread: Pick<ThreadRecord, 'systemPrompt'>;
  /** Stored turns up to the one that is to be answered. */
  readonly path: readonly MessageRecord[];
  /** Instructions and sources for this question, put before its text. */
  readonly preamble?: string;
  readonly contextTokens: number;
  readonly reserveTokens: number;
  readonly countTokens: (messages: readonly PromptMessage[]) => Promise<TokenCount>;
}

/**
 * Fits a thread into the context, counted by the model's own tokenizer. The system prompt and the last turn always stay;
 * whole turns fall out from the oldest on, a question together with its answer, so that roles keep alternating. What
 * stays is passed on word for word: that is what lets the engine reuse its KV cache for the shared beginning.
 *
 * Throws model/context-exceeded when the last turn alone is too long, with the counts in `details`.
 */
export async function planPrompt(input: PlanPromptInput): Promise<PromptPlan> {
  const { thread, path, preamble, contextTokens, reserveTokens, countTokens } = input;
  const system: PromptMessage[] =
    thread.systemPrompt.trim() === '' ? [] : [{ role: 'system', content: thread.systemPrompt }];
  const turns = path.map(toPromptMessage);
  const lastUser = turns.findLastIndex(({ role }) => role === 'user');
  const asked = turns[lastUser];
  if (preamble && asked) turns[lastUser] = { role: 'user', content: `${preamble}\n\n${asked.content}` };

  const counted = await countTokens([...system, ...turns]);
  const budget = contextTokens - reserveTokens;
  let first = 0;
  let promptTokens = counted.total;
  while (promptTokens > budget && first < lastUser) {
    promptTokens -= counted.perMessage[system.length + first] ?? 0;
    first += 1;
    while (first < lastUser && turns[first]?.role === 'assistant') {
      promptTokens -= counted.perMessage[system.length + first] ?? 0;
      first += 1;
    }
  }
  if (promptTokens > contextTokens - Math.min(reserveTokens, 16))
    throw new AppError(
      'model/context-exceeded',
      `The question has ${promptTokens} tokens, but the model was loaded with room for ${contextTokens}. Shorten it, or load the model with a larger context.`,
      { details: { promptTokens, contextTokens } },
    );
  return {
    messages: [...system, ...turns.slice(first)],
    promptTokens,
    contextTokens,
    reserveTokens,
    leftOut: path.slice(0, first).map(({ id }) => id),
    isExact: counted.isExact,
  };
}

/** Room for the answer: what the user allows, else a quarter of the context up to 1024 tokens. */
export function reserveFor(contextTokens: number, maxTokens: number): number {
  const usual = Math.min(1024, Math.floor(contextTokens / 4));
  return maxTokens > 0 ? Math.min(maxTokens, Math.floor(contextTokens / 2)) : usual;
}
