import type { MessageRecord } from '#core/ports/chat-records.ts';

/** Messages from the first to `leafId`, in order; empty for null or an unknown id. A ring in broken data ends the walk. */
export function pathTo(messages: readonly MessageRecord[], leafId: string | null): readonly MessageRecord[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: MessageRecord[] = [];
  const seen = new Set<string>();
  for (let id = leafId; id !== null && !seen.has(id); ) {
    const message = byId.get(id);
    if (message === undefined) break;
    seen.add(id);
    path.unshift(message);
    id = message.parentId;
  }
  return path;
}

/** Messages with the same parent, oldest first, the message itself included. */
export function siblingsOf(
  messages: readonly MessageRecord[],
  message: MessageRecord,
): readonly MessageRecord[] {
  return messages.filter(({ parentId }) => parentId === message.parentId).sort(byAge);
}

/** The leaf that was written last below a message, or the message itself. A ring in broken data ends the walk. */
export function latestLeafUnder(messages: readonly MessageRecord[], id: string): string {
  let leaf = id;
  const seen = new Set([id]);
  while (true) {
    const children = messages.filter((other) => other.parentId === leaf && !seen.has(other.id)).sort(byAge);
    const last = children.at(-1);
    if (last === undefined) return leaf;
    leaf = last.id;
    seen.add(leaf);
  }
}

/** A message and everything below it. */
export function subtreeOf(messages: readonly MessageRecord[], id: string): readonly MessageRecord[] {
  const taken = new Set([id]);
  // A set that grows while it is walked: clocks need not agree, so age says nothing about who is below whom.
  for (const parentId of taken)
    for (const message of messages) if (message.parentId === parentId) taken.add(message.id);
  return messages.filter((message) => taken.has(message.id));
}

/** Ids sort by time, so equal clock readings still have one order. */
function byAge(a: MessageRecord, b: MessageRecord): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
