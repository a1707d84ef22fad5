import { thinksFirst } from '#core/models/index.ts';
import type { GenerateRequest, PromptMessage } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { newConversation, type Pipeline } from './library-internals.ts';

export interface PromptTokens {
  readonly all: readonly number[];
  /** By message; the template's own tokens are with the message that they stand before, the reply's header with the last. */
  readonly perMessage: readonly number[];
}

/** A model that thinks first is kept from it as its own template does: its answer begins behind an empty block. */
export function promptOf(
  { messages, continues = false, mayThink }: GenerateRequest,
  model: Pick<ModelSpec, 'id' | 'label'>,
): { readonly messages: readonly PromptMessage[]; readonly continues: boolean } {
  if (mayThink !== false || continues || !thinksFirst(model)) return { messages, continues };
  const begun: PromptMessage = { role: 'assistant', content: '<think>\n\n</think>\n\n' };
  return { messages: [...messages, begun], continues: true };
}

/**
 * A chat prompt as tokens, in the model's own template. As the library does it: each message is a piece of its own for
 * the tokenizer. Errors: input/invalid (a system message that is not the first).
 */
export function tokenizePrompt(
  pipeline: Pipeline,
  messages: readonly PromptMessage[],
  continues: boolean,
): PromptTokens {
  const begun = continues ? (messages.at(-1)?.content ?? '') : '';
  const finished = continues ? messages.slice(0, -1) : messages;
  const conversation = newConversation(pipeline);
  const templates = conversation.config.role_templates;
  for (const [i, { role, content }] of finished.entries()) {
    if (role !== 'system')
      conversation.appendMessage(
        role,
        templates?.[role] === undefined ? content : escapeReplacement(content),
      );
    else if (i === 0) conversation.override_system_message = escapeReplacement(content);
    else throw new AppError('input/invalid', 'A system message can only stand at the beginning.');
  }
  conversation.appendReplyHeader('assistant');
  const texts = [...conversation.getPromptArray(pipeline.config)];
  texts.push((texts.pop() ?? '') + begun);
  const prefix = conversation.config.system_prefix_token_ids ?? [];
  const pieces = texts.map((text) => [...pipeline.tokenizer.encode(text)]);
  return {
    all: [...prefix, ...pieces.flat()],
    perMessage: share(prefix.length, pieces, messages.length, finished.length),
  };
}

/** The library fills its templates with String.replace, which reads `$` signs in a text as patterns. */
function escapeReplacement(content: string): string {
  return content.replaceAll('$', '$$$$');
}

/**
 * Pieces are [system text?, one a finished message, the reply's header]: from the end, each to its message. A system text
 * of the model's own belongs to no message and goes to the first.
 */
function share(
  prefixTokens: number,
  pieces: readonly (readonly number[])[],
  messageCount: number,
  finishedCount: number,
): readonly number[] {
  const perMessage = Array.from({ length: messageCount }, () => 0);
  if (messageCount === 0) return perMessage;
  const add = (message: number, tokens: number): void => {
    const at = Math.max(message, 0);
    perMessage[at] = (perMessage[at] ?? 0) + tokens;
  };
  const sizes = pieces.map((piece) => piece.length).reverse();
  for (const [i, size] of sizes.entries()) add(i === 0 ? messageCount - 1 : finishedCount - i, size);
  add(0, prefixTokens);
  return perMessage;
}
