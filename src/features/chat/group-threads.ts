import type { ThreadRecord } from '#core/ports/chat-records.ts';

export interface ThreadGroup {
  readonly label: string;
  readonly items: readonly ThreadRecord[];
}

/** Pinned, Today, Yesterday, Last seven days, Earlier: newest first in each, empty groups left out. */
export function groupThreads(threads: readonly ThreadRecord[], nowMs: number): readonly ThreadGroup[] {
  // Calendar days, not hours: a day of summer time has 23 or 25 of them.
  const startOfDay = (daysAgo: number): number => {
    const day = new Date(nowMs);
    day.setHours(0, 0, 0, 0);
    return day.setDate(day.getDate() - daysAgo);
  };
  const [today, yesterday, lastWeek] = [startOfDay(0), startOfDay(1), startOfDay(7)];
  const labelOf = ({ isPinned, updatedAt }: ThreadRecord): string => {
    if (isPinned) return 'Pinned';
    if (updatedAt >= today) return 'Today';
    if (updatedAt >= yesterday) return 'Yesterday';
    return updatedAt >= lastWeek ? 'Last seven days' : 'Earlier';
  };
  const order = ['Pinned', 'Today', 'Yesterday', 'Last seven days', 'Earlier'];
  return order.flatMap((label) => {
    const items = threads.filter((thread) => labelOf(thread) === label);
    return items.length > 0 ? [{ label, items }] : [];
  });
}
