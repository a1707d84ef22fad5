import { type Command, type CommandGroup, groupCommands } from '#shared/command.ts';
import { isAvailable } from '../shortcuts/run-command.ts';

/** 0 = no match, 1 = the very words. */
export type Score = (text: string, query: string, keywords: readonly string[]) => number;

/** A library with thousands of threads must not put thousands of rows into the page. */
const SHOWN_PER_GROUP = 12;
const SHOWN_FOR_QUERY = 60;

/**
 * What the palette shows: with nothing typed the head of every group in the list's own order; else the best matches,
 * groups in the order of their best.
 */
export function rankCommands(
  commands: readonly Command[],
  query: string,
  score: Score,
): readonly CommandGroup[] {
  const available = commands.filter(isAvailable);
  const wanted = query.trim();
  if (wanted === '')
    return groupCommands(available).map((entry) => ({
      ...entry,
      commands: entry.commands.slice(0, SHOWN_PER_GROUP),
    }));
  const scored = available
    .map((command) => ({ command, points: score(command.label, wanted, [command.group]) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, SHOWN_FOR_QUERY);
  return groupCommands(scored.map(({ command }) => command));
}
