import type { ChatEngine, PromptMessage } from '#core/ports/chat-engine.ts';
import type { MessageRecord, SearchAids, SearchWording } from '#core/ports/chat-records.ts';
import { textOf } from './parts.ts';
import { DEFAULT_SAMPLING } from './presets.ts';
import { createReasoningSplitter } from './reasoning.ts';

/** Who does a small task. */
export interface ModelTask {
  readonly engine: ChatEngine;
  readonly modelId: string;
  readonly signal: AbortSignal;
}

export interface WordingsInput extends ModelTask {
  readonly aids: SearchAids;
  /** Turns before the question. */
  readonly before: readonly MessageRecord[];
  readonly question: string;
}

/** As much of the conversation as a follow-up refers to; characters, from the end of each turn. */
const TURNS_SHOWN = 4;
const TURN_CHARACTERS = 400;
const MOST_VARIANTS = 3;
const LONGEST_WORDING = 300;
/** What a model that cannot be kept from thinking may think about a small task, on top of its answer. */
const THINKING_TOKENS = 600;

/**
 * The model's answer to a small task, always the most likely words. It is asked not to think; one that does all the same
 * has its own tokens for that, and its reasoning is no part of the answer. Nothing when it does not come to an end with it.
 */
export async function complete(input: ModelTask, task: string, maxTokens: number): Promise<string> {
  const messages: readonly PromptMessage[] = [{ role: 'user', content: task }];
  const sampling = {
    ...DEFAULT_SAMPLING,
    temperature: 0,
    topK: 0,
    topP: 1,
    minP: 0,
    repetitionPenalty: 1,
    maxTokens: THINKING_TOKENS + maxTokens,
  };
  const splitter = createReasoningSplitter({ continues: false });
  let text = '';
  let answerTokens = 0;
  const take = (deltas: ReturnType<typeof splitter.push>): void => {
    const answer = deltas.filter(({ type }) => type === 'text-delta');
    text += answer.map((delta) => delta.text).join('');
    if (answer.length > 0) answerTokens += 1;
  };
  const { engine, modelId, signal } = input;
  for await (const event of engine.generate({ modelId, messages, sampling, mayThink: false }, { signal })) {
    if (event.type === 'text-delta') take(splitter.push(event.text));
    if (answerTokens >= maxTokens) break;
  }
  take(splitter.flush());
  return text.trim();
}

/** One wording a line; numbers, bullets, quotes and lead-ins of the model's own are not part of it. */
export function wordingsIn(text: string, most: number): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\d+[.)]|[-*•])\s*/, '').replace(/^["“”']+|["“”']+$/g, ''))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line.length <= LONGEST_WORDING && !line.endsWith(':'));
  return [...new Set(lines)].slice(0, most);
}

const conversation = (before: readonly MessageRecord[]): string =>
  before
    .slice(-TURNS_SHOWN)
    .map(
      (message) =>
        `${message.role === 'user' ? 'User' : 'Assistant'}: ${textOf(message).slice(-TURN_CHARACTERS)}`,
    )
    .join('\n');

/**
 * Other wordings of a question by the chat model, as the thread asks for them: a follow-up that stands alone, several
 * wordings of it, a made-up answer (HyDE: Gao et al., ACL 2023). What the model writes is shown with the sources; whatever
 * is no wording (nothing, a whole page) is left out. Rejects with the engine's errors.
 */
export async function searchWordings(input: WordingsInput): Promise<readonly SearchWording[]> {
  const { aids, before, question } = input;
  const wordings: SearchWording[] = [];
  let standing = question;
  if (aids.rewrites && before.length > 0) {
    const task = `${conversation(before)}\nUser: ${question}\n\nRewrite the last question of the user so that it can be understood without the conversation. Write the question only.`;
    const [rewritten] = wordingsIn(await complete(input, task, 64), 1);
    if (rewritten !== undefined && rewritten !== question) {
      standing = rewritten;
      wordings.push({ kind: 'rewritten', text: rewritten });
    }
  }
  if (aids.variants) {
    const task = `Write ${MOST_VARIANTS} other wordings of this search query, one a line, nothing else.\n\nQuery: ${standing}`;
    for (const text of wordingsIn(await complete(input, task, 120), MOST_VARIANTS))
      if (text !== standing && text !== question) wordings.push({ kind: 'variant', text });
  }
  if (aids.hypothetical) {
    const task = `Write a short passage of a document that answers this question, in two or three sentences.\n\nQuestion: ${standing}`;
    const text = await complete(input, task, 120);
    if (text !== '') wordings.push({ kind: 'hypothetical', text: text.slice(0, 1200) });
  }
  return wordings;
}
