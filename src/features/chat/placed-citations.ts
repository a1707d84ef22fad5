import { placeReferences } from '#core/chat/index.ts';
import type { SentenceSupport } from '#core/ports/chat-records.ts';
import type { Verification } from '#core/rag/index.ts';
import type { SentenceMark } from '#ui/markdown.tsx';

export interface CitedText {
  /** The answer with a reference behind every sentence that the documents support, and none of the model's own. */
  readonly text: string;
  /** Sentences without support, quotes, numbers and names that no source holds, as ranges of that text. In order, none over another. */
  readonly marks: readonly SentenceMark[];
}

/** A reference names the sentence, not the source: two sentences from one passage cite two spans of it. */
const REFERENCE_BASE = 1000;

/** Index into the supports, from a number in square brackets; undefined for one that the model wrote. */
export function supportIndexOf(reference: number): number | undefined {
  return reference >= REFERENCE_BASE ? reference - REFERENCE_BASE : undefined;
}

const NOTHING: Verification = { quotes: [], strange: [] };

/** What is said about a part of the answer; the more exact statement first. */
function marksOf(supports: readonly SentenceSupport[], { quotes, strange }: Verification) {
  const facts = strange.map(
    ({ start, end, kind }): SentenceMark => ({
      start,
      end,
      kind: 'strange',
      hint:
        kind === 'number' ? 'This number is in none of the sources' : 'This name is in none of the sources',
    }),
  );
  const quoted = quotes.map(
    ({ start, end, found }): SentenceMark => ({
      start,
      end,
      kind: found ? 'quote-found' : 'quote-missing',
      hint: found ? `Word for word in source ${found.source}` : 'These words are not in the sources',
    }),
  );
  const unsupported = supports.flatMap(({ start, end, source }): SentenceMark[] =>
    source === null ? [{ start, end, kind: 'unsupported', hint: 'Not in your documents' }] : [],
  );
  return [...facts, ...quoted, ...unsupported];
}

/** Every character belongs to the first mark that covers it: marks of text cannot lie in each other. */
function sideBySide(marks: readonly SentenceMark[]): readonly SentenceMark[] {
  const cuts = [...new Set(marks.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const pieces: { start: number; end: number; mark: SentenceMark }[] = [];
  for (const [i, start] of cuts.entries()) {
    const end = cuts[i + 1];
    const mark = end === undefined ? undefined : marks.find((each) => each.start <= start && each.end >= end);
    if (end === undefined || mark === undefined) continue;
    const last = pieces.at(-1);
    if (last?.mark === mark && last.end === start) last.end = end;
    else pieces.push({ start, end, mark });
  }
  return pieces.map(({ start, end, mark }) => ({ ...mark, start, end }));
}

/**
 * References and marks as code found them. Offsets of `supports` and of the verification count from `offset` characters
 * before `text`. Without supports the model's own numbers stay: nothing better is known.
 */
export function placeCitations(
  text: string,
  supports: readonly SentenceSupport[],
  offset = 0,
  verification = NOTHING,
): CitedText {
  const placed =
    supports.length === 0
      ? { text, rangeOf: (start: number, end: number) => ({ start, end }) }
      : placeReferences(text, supports, (_, index) => ` [${REFERENCE_BASE + index}]`, offset);
  const marks = marksOf(supports, verification).flatMap((mark): SentenceMark[] => {
    const [start, end] = [mark.start - offset, mark.end - offset];
    if (start < 0 || end > text.length) return [];
    const range = placed.rangeOf(start, end);
    return range ? [{ ...mark, ...range }] : [];
  });
  return { text: placed.text, marks: sideBySide(marks) };
}
