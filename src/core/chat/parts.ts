import type { PromptImage, PromptMessage } from '#core/ports/chat-engine.ts';
import type { ImagePart, MessagePart, MessageRecord } from '#core/ports/chat-records.ts';

/** The visible text of a message; text before and after a block of reasoning are two paragraphs. */
export function textOf(message: Pick<MessageRecord, 'parts'>): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
}

/** The pictures of a message, in their order. */
export const imagesOf = ({ parts }: Pick<MessageRecord, 'parts'>): readonly ImagePart[] =>
  parts.filter((part) => part.type === 'image');

/** The reasoning of a message, '' if it has none. */
export function reasoningOf(message: Pick<MessageRecord, 'parts'>): string {
  return message.parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('\n\n');
}

/**
 * Appends a delta: grows the last part that the model wrote if it is of the same kind, else starts one. Parts keep the
 * order in which the model wrote them; a notice in between does not cut a sentence in two.
 */
export function appendDelta(
  parts: readonly MessagePart[],
  delta: { readonly type: 'text-delta' | 'reasoning-delta'; readonly text: string },
): readonly MessagePart[] {
  const type = delta.type === 'text-delta' ? 'text' : 'reasoning';
  const index = parts.findLastIndex((part) => part.type === 'text' || part.type === 'reasoning');
  const last = parts[index];
  if (last?.type === type) return parts.with(index, { ...last, text: last.text + delta.text });
  return [...parts, { type, text: delta.text }];
}

/**
 * What the model is shown of a stored message. Reasoning of earlier turns is left out, as the models' own templates do:
 * it would fill the context with text that no later turn needs. Pictures are those that `imageOf` gives.
 */
export function toPromptMessage(
  message: MessageRecord,
  imageOf: (image: ImagePart) => PromptImage | undefined = () => undefined,
): PromptMessage {
  const images = imagesOf(message).flatMap((image) => imageOf(image) ?? []);
  return { role: message.role, content: textOf(message), ...(images.length > 0 ? { images } : {}) };
}
