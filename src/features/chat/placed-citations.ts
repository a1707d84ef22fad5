import type { SentenceSupport } from '#core/ports/chat-records.ts';
import type { SentenceMark } from '#ui/markdown.tsx';

export interface CitedText {
  /** The answer with a reference behind every sentence that the documents support, and none of the model's own. */
  readonly text: string;
  /** Sentences without support, as ranges of that text. */
  readonly marks: readonly SentenceMark[];
}

/** A reference names the sentence, not the source: two sentences from one passage cite two spans of it. */
const REFERENCE_BASE = 1000;

/** Index into the supports, from a number in square brackets; undefined for one that the model wrote. */
export function supportIndexOf(reference: number): number | undefined {
  return reference >= REFERENCE_BASE ? reference - REFERENCE_BASE : undefined;
}

/** What the model wrote in square brackets, with the space before it. */
const OWN_REFERENCE = /[ \t]*\[\d{1,3}(?:\s*,\s*\d{1,3})*\](?!\()/g;

function withoutOwn(text: string): string {
  return text.replace(OWN_REFERENCE, '');
}

/**
 * References as code found them: the model's own numbers are a hint at best and go; behind each supported sentence comes
 * one that leads to its span. `supports` do not overlap; their offsets count from `offset` characters before `text`.
 */
export function placeCitations(text: string, supports: readonly SentenceSupport[], offset = 0): CitedText {
  const ordered = supports
    .map(({ start, end, source }, index) => ({ start: start - offset, end: end - offset, source, index }))
    .sort((a, b) => a.start - b.start);
  let placed = '';
  let at = 0;
  const marks: SentenceMark[] = [];
  for (const { start, end, source, index } of ordered) {
    if (start < at || end > text.length) continue;
    placed += withoutOwn(text.slice(at, start));
    const sentence = withoutOwn(text.slice(start, end));
    const from = placed.length;
    placed += sentence.trimEnd();
    if (source === null) marks.push({ start: from, end: placed.length, kind: 'unsupported' });
    else placed += ` [${REFERENCE_BASE + index}]`;
    placed += sentence.slice(sentence.trimEnd().length);
    at = end;
  }
  return { text: placed + withoutOwn(text.slice(at)), marks };
}
