import { expect, test } from 'vitest';
import type { Command } from '#shared/command.ts';
import { rankCommands, type Score } from './rank-commands.ts';

const command = (label: string, group: string, isAvailable = true): Command => ({
  id: label,
  label,
  group,
  isAvailable: () => isAvailable,
  perform: () => {},
});
/** Earlier is better; a keyword counts a little. */
const score: Score = (text, query, keywords) => {
  const at = text.toLowerCase().indexOf(query.toLowerCase());
  if (at >= 0) return 1 / (1 + at);
  return keywords.some((word) => word.toLowerCase().includes(query.toLowerCase())) ? 0.01 : 0;
};
const labels = (groups: ReturnType<typeof rankCommands>) =>
  groups.map(({ group, commands }) => [group, commands.map(({ label }) => label)]);

test('groups as they come, without what cannot be done now', () => {
  const all = [command('New chat', 'Chat'), command('Stop', 'Chat', false), command('Open', 'Library')];
  expect(labels(rankCommands(all, '  ', score))).toEqual([
    ['Chat', ['New chat']],
    ['Library', ['Open']],
  ]);
});

test('the best match first, its group on top; a group is found by its name', () => {
  const all = [
    command('Export chat', 'Chat'),
    command('Settings', 'View'),
    command('Chat about valves', 'Threads'),
  ];
  expect(labels(rankCommands(all, 'chat', score))).toEqual([
    ['Threads', ['Chat about valves']],
    ['Chat', ['Export chat']],
  ]);
  expect(labels(rankCommands(all, 'view', score))).toEqual([['View', ['Settings']]]);
  expect(rankCommands(all, 'zzz', score)).toEqual([]);
});

test('thousands of threads stay out of the page until they are asked for', () => {
  const all = Array.from({ length: 3000 }, (_, i) => command(`Thread ${i}`, 'Threads'));
  expect(rankCommands(all, '', score)[0]?.commands.length).toBe(12);
  const found = rankCommands(all, 'thread 2999', score).flatMap(({ commands }) => commands);
  expect(found.map(({ label }) => label)).toEqual(['Thread 2999']);
  expect(rankCommands(all, 'thread', score).flatMap(({ commands }) => commands).length).toBe(60);
});
