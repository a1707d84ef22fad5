import type { PromptMessage, TokenCount } from '#core/ports/chat-engine.ts';
import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import { preambleOf } from '#core/rag/index.ts';
import { AppError } from '#shared/errors.ts';
import { imagesOf, toPromptMessage } from './parts.ts';
import type { PromptImageOf } from './prompt-images.ts';

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
  /** A whole document, put behind the instructions of the thread. */
  readonly book?: string;
  /** The pictures of the path; none without it. */
  readonly imageOf?: PromptImageOf;
  readonly contextTokens: number;
  readonly reserveTokens: number;
  readonly countTokens: (messages: readonly PromptMessage[]) => Promise<TokenCount>;
}

/** The system message: the thread's own instructions, and the document that it is about as a whole. */
export function systemTextOf({ systemPrompt }: Pick<ThreadRecord, 'systemPrompt'>, book = ''): string {
  return [systemPrompt, book].filter((text) => text.trim() !== '').join('\n\n');
}

/** What an earlier question was asked with, rebuilt letter by letter from the sources that are stored with its answer. */
function preambleBefore(question: MessageRecord | undefined, answer: MessageRecord | undefined): string {
  if (question === undefined || answer?.role !== 'assistant') return '';
  const sources = answer.parts.find((part) => part.type === 'sources');
  if (sources === undefined || (sources.quoted === undefined && sources.leftOut > 0)) return '';
  const { passages, quoted = passages.map(({ number }) => number) } = sources;
  const passagesQuoted = quoted.flatMap(
    (number) => passages.find((passage) => passage.number === number) ?? [],
  );
  return preambleOf(passagesQuoted, imagesOf(question).length > 0);
}

const withPreamble = (preamble: string, turn: PromptMessage): PromptMessage =>
  preamble === '' ? turn : { ...turn, content: `${preamble}\n\n${turn.content}` };

/**
 * Fits a thread into the context, counted by the model's own tokenizer. The system prompt and the last turn always stay;
 * whole turns fall out from the oldest on, a question together with its answer, so that roles keep alternating. What
 * stays is passed on word for word: that is what lets the engine reuse its KV cache for the shared beginning. For the same
 * reason earlier questions keep the sources that they were asked with; when there is no room for all of these they all go,
 * before a turn does: dropped one by one, they would move the beginning with every question.
 *
 * Throws model/context-exceeded when the last turn alone is too long, with the counts in `details`.
 */
export async function planPrompt(input: PlanPromptInput): Promise<PromptPlan> {
  const { thread, path, preamble, book, contextTokens, reserveTokens, countTokens } = input;
  const systemText = systemTextOf(thread, book);
  const system: PromptMessage[] = systemText === '' ? [] : [{ role: 'system', content: systemText }];
  const turns = path.map((message) => toPromptMessage(message, input.imageOf));
  const lastUser = turns.findLastIndex(({ role }) => role === 'user');
  const asked = turns[lastUser];
  if (preamble && asked) turns[lastUser] = withPreamble(preamble, asked);
  const quoting = turns.map((turn, i) =>
    turn.role === 'user' && i !== lastUser ? withPreamble(preambleBefore(path[i], path[i + 1]), turn) : turn,
  );

  const budget = contextTokens - reserveTokens;
  const withSources = await countTokens([...system, ...quoting]);
  const isQuoting = withSources.total <= budget;
  const kept = isQuoting ? quoting : turns;
  const hasEarlier = quoting.some((turn, i) => turn !== turns[i]);
  const counted = isQuoting || !hasEarlier ? withSources : await countTokens([...system, ...turns]);
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
  const { isExact } = counted;
  if (promptTokens > contextTokens - Math.min(reserveTokens, 16))
    throw new AppError(
      'model/context-exceeded',
      `${book ? 'The document and the question have' : 'The question has'} ${isExact ? '' : 'about '}${promptTokens} tokens, but the model was loaded with room for ${contextTokens}. Shorten it, or load the model with a larger context.`,
      { details: { promptTokens, contextTokens, isExact } },
    );
  return {
    messages: [...system, ...kept.slice(first)],
    promptTokens,
    contextTokens,
    reserveTokens,
    leftOut: path.slice(0, first).map(({ id }) => id),
    isExact,
  };
}

/** Room for the answer: what the user allows, else a quarter of the context up to 1024 tokens. */
export function reserveFor(contextTokens: number, maxTokens: number): number {
  const usual = Math.min(1024, Math.floor(contextTokens / 4));
  return maxTokens > 0 ? Math.min(maxTokens, Math.floor(contextTokens / 2)) : usual;
}
