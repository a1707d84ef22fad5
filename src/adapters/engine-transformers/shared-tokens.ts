import type { ChatPrompt } from './chat-prompt.ts';

type Read = Pick<ChatPrompt, 'ids' | 'pictures'>;

/**
 * How many tokens two prompts have in common at their beginning. A picture's tokens are the same for every picture: its bytes
 * decide, and it is shared whole or not at all. The last token has to be computed: its logits are what comes next.
 */
export function sharedTokens(before: Read, now: Read): number {
  const most = Math.min(before.ids.length, now.ids.length - 1);
  let count = 0;
  while (count < most && before.ids[count] === now.ids[count]) count += 1;
  for (const { start, picture } of now.pictures) {
    if (start >= count) break;
    const twin = before.pictures.find((other) => other.start === start);
    if (twin?.picture.key !== picture.key || start + picture.ids.length > count) return start;
  }
  return count;
}
