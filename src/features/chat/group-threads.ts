import type { ThreadRecord } from '#core/ports/chat-records.ts';

export interface ThreadGroup {
  readonly label: string;
  readonly items: readonly ThreadRecord[];
}

const DAY_MS = 86_400_000;

/** Pinned, Today, Yesterday, Last seven days, Earlier: newest first in each, empty groups left out. */
export function groupThreads(threads: readonly ThreadRecord[], nowMs: number): readonly ThreadGroup[] {
  const midnight = new Date(nowMs).setHours(0, 0, 0, 0);
  const labelOf = ({ isPinned, updatedAt }: ThreadRecord): string => {
    if (isPinned) return 'Pinned';
    if (updatedAt >= midnight) return 'Today';
    if (updatedAt >= midnight - DAY_MS) return 'Yesterday';
    return updatedAt >= midnight - 7 * DAY_MS ? 'Last seven days' : 'Earlier';
  };
  const order = ['Pinned', 'Today', 'Yesterday', 'Last seven days', 'Earlier'];
  return order.flatMap((label) => {
    const items = threads.filter((thread) => labelOf(thread) === label);
    return items.length > 0 ? [{ label, items }] : [];
  });
}
