import { unreadablePicture } from '#core/models/index.ts';
import type { PromptImage, PromptMessage } from '#core/ports/chat-engine.ts';

type ServerContent =
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | { readonly type: 'text'; readonly text: string };

export interface ServerMessage {
  readonly role: PromptMessage['role'];
  readonly content: string | readonly ServerContent[];
}

/** Messages in OpenAI's words, pictures before the text. Errors: input/invalid (a picture whose bytes are gone). */
export function toServerMessages(
  messages: readonly PromptMessage[],
  label: string,
): Promise<readonly ServerMessage[]> {
  return Promise.all(
    messages.map(async ({ role, content, images = [] }): Promise<ServerMessage> => {
      if (images.length === 0) return { role, content };
      const pictures = images.map(async (image) => {
        const url = await dataUrl(image).catch((error: unknown) => {
          throw unreadablePicture(label, error);
        });
        return { type: 'image_url' as const, image_url: { url } };
      });
      return { role, content: [...(await Promise.all(pictures)), { type: 'text', text: content }] };
    }),
  );
}

/** A picture inside the request: the server fetches nothing. */
function dataUrl({ blob, mediaType }: PromptImage): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob.slice(0, blob.size, mediaType));
  });
}
