import type { SourcePassage } from '#core/ports/chat-records.ts';
import { clockOf } from '#shared/clock.ts';

export interface SourcesPrompt {
  /** Put before the question; '' when no passage fits. */
  readonly preamble: string;
  readonly used: readonly SourcePassage[];
  readonly leftOut: readonly SourcePassage[];
}

const INSTRUCTION =
  'Answer the question from the sources below. After each fact write the number of its source in brackets, like [1]. If the sources do not contain the answer, say so.';

/** For a question that brings pictures: what they show is an answer, too, and has no number. */
const INSTRUCTION_WITH_PICTURES =
  'Answer the question from the pictures and the sources below. After each fact from a source write its number in brackets, like [1]. If neither contains the answer, say so.';

function block(passage: SourcePassage): string {
  const place = [
    passage.documentName,
    ...(passage.page === undefined ? [] : [`page ${passage.page}`]),
    ...(passage.seconds === undefined ? [] : [`at ${clockOf(passage.seconds)}`]),
    ...(passage.headingPath.length > 0 ? [passage.headingPath.slice(-2).join(' › ')] : []),
  ];
  return `[${passage.number}] (${place.join(', ')})\n${passage.text.trim()}`;
}

/** What stands before a question; the same passages give the same text, letter by letter. '' for none. */
export function preambleOf(quoted: readonly SourcePassage[], hasPictures = false): string {
  if (quoted.length === 0) return '';
  return `${hasPictures ? INSTRUCTION_WITH_PICTURES : INSTRUCTION}\n\nSources:\n${quoted.map(block).join('\n\n')}\n\nQuestion:`;
}

/**
 * The sources as they stand in the prompt: numbered as the user sees them, best first, whole passages only. A passage
 * that does not fit is left out and reported, never cut: half a passage makes half a citation.
 */
export function sourcesPrompt(
  passages: readonly SourcePassage[],
  budgetTokens: number,
  countText: (text: string) => number,
  hasPictures = false,
): SourcesPrompt {
  const used: SourcePassage[] = [];
  const leftOut: SourcePassage[] = [];
  let room = budgetTokens - countText(INSTRUCTION) - 16;
  for (const passage of passages) {
    const cost = countText(block(passage)) + 2;
    if (cost <= room) {
      used.push(passage);
      room -= cost;
    } else leftOut.push(passage);
  }
  return { preamble: preambleOf(used, hasPictures), used, leftOut };
}
