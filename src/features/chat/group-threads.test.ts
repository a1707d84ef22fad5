import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createThread } from '#core/chat/index.ts';
import { groupThreads } from './group-threads.ts';

const at = (text: string): number => new Date(text).getTime();
const thread = (id: string, updatedAt: number, isPinned = false) => ({
  ...createThread(id, updatedAt),
  isPinned,
});

test('calendar days, pinned first, empty groups left out', () => {
  const now = at('2026-03-15T09:00:00');
  const groups = groupThreads(
    [
      thread('now', now),
      thread('midnight', at('2026-03-15T00:00:00')),
      thread('evening', at('2026-03-14T23:59:59')),
      thread('old', at('2025-12-24T12:00:00')),
      thread('pinned', at('2020-01-01T00:00:00'), true),
    ],
    now,
  );
  expect(groups.map(({ label, items }) => [label, items.map(({ id }) => id)])).toEqual([
    ['Pinned', ['pinned']],
    ['Today', ['now', 'midnight']],
    ['Yesterday', ['evening']],
    ['Earlier', ['old']],
  ]);
});

test('every thread is in exactly one group', () => {
  const now = at('2026-03-15T09:00:00');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40 * 86_400_000), fc.boolean())), (all) => {
      const threads = all.map(([age, isPinned], i) => thread(String(i), now - age, isPinned));
      const shown = groupThreads(threads, now).flatMap(({ items }) => items.map(({ id }) => id));
      expect(shown.toSorted()).toEqual(threads.map(({ id }) => id).toSorted());
    }),
  );
});
