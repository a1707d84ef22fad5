import type { ChatCompletionMessage } from '@wllama/wllama/esm/index.js';
import { unreadablePicture } from '#core/models/index.ts';
import type { PromptMessage } from '#core/ports/chat-engine.ts';

/**
 * Messages in llama.cpp's words: pictures become encoded bytes before the text, which llama.cpp decodes itself. Errors:
 * input/invalid (a picture whose bytes are gone).
 */
export function readMessages(
  messages: readonly PromptMessage[],
  label: string,
): Promise<ChatCompletionMessage[]> {
  return Promise.all(
    messages.map(async ({ role, content, images = [] }): Promise<ChatCompletionMessage> => {
      if (role !== 'user' || images.length === 0) return { role, content };
      const read = images.map(async ({ blob }) => {
        const data = await blob.arrayBuffer().catch((error: unknown) => {
          throw unreadablePicture(label, error);
        });
        return { type: 'image' as const, data };
      });
      return { role, content: [...(await Promise.all(read)), { type: 'text', text: content }] };
    }),
  );
}
