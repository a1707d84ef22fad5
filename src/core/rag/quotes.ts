import type { SourcePassage } from '#core/ports/chat-records.ts';
import { CITATION } from '#shared/citations.ts';
import { proseRanges } from './claims.ts';
import { indexOfWords, type Letters, lettersOf, originalRange } from './letters.ts';
import type { Span } from './sentences.ts';

/** Words that an answer gives as somebody else's. */
export interface Quote extends Span {
  /** Without its quotation marks, source numbers and Markdown. */
  readonly text: string;
  readonly kind: 'inline' | 'block';
}

/** Where the quote stands, letter by letter. */
interface QuotePlace {
  /** Number of the passage that holds its beginning. */
  readonly source: number;
  /** Character offsets in the document's text. */
  readonly start: number;
  readonly end: number;
}

export interface VerifiedQuote extends Quote {
  /** Undefined: these words stand in none of the passages. */
  readonly found: QuotePlace | undefined;
}

const INLINE = [
  /“([^“”\n]+)”/g,
  /„([^„“”\n]+)[“”]/g,
  /«([^«»\n]+)»/g,
  // A straight mark opens behind a space or a bracket and closes before one or a stop: 5" is a measure.
  /(?<=^|[\s([{*_—–-])"(?=[^\s"])([^"\n]*[^\s"])"(?=$|[\s.,;:!?)\]}*_—–-])/gm,
] as const;
const BLOCK = /(?:^[ \t]*>[^\n]*(?:\n|$))+/gm;
const OMISSION = /\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\.\.)\s*/;

function plainQuote(raw: string): string {
  return raw
    .replace(CITATION, '')
    .replace(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/gs, '$2')
    .replace(/(?<![\p{L}\p{N}])([*_])(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}])/gsu, '$2')
    .trim();
}

/** Quotation marks around a whole block, and the line of a dash that names who said it. */
function bareBlock(raw: string): string {
  const lines = raw
    .replace(/^[ \t]*>[ \t]?/gm, '')
    .trim()
    .split('\n');
  if (lines.length > 1 && /^\s*[—–-]{1,2}\s*\S/.test(lines.at(-1) ?? '')) lines.pop();
  const text = plainQuote(lines.join('\n'));
  return /^["“„«]([^"“”„«»]+)["”“»]$/s.exec(text)?.[1] ?? text;
}

/** The quotes of an answer, in order: “…”, „…“, «…», "…" and block quotes. Code is not looked into. */
export function quotesOf(answer: string): readonly Quote[] {
  const quotes: Quote[] = [];
  for (const range of proseRanges(answer)) {
    const prose = answer.slice(range.start, range.end);
    for (const { 0: raw, index } of prose.matchAll(BLOCK)) {
      const start = range.start + index;
      const text = bareBlock(raw);
      if (/[\p{L}\p{N}]/u.test(text))
        quotes.push({ start, end: start + raw.trimEnd().length, text, kind: 'block' });
    }
    for (const pattern of INLINE)
      for (const { 0: raw, 1: inner = '', index } of prose.matchAll(pattern)) {
        const start = range.start + index;
        const end = start + raw.length;
        const text = plainQuote(inner);
        const isInside = quotes.some((other) => other.start < end && other.end > start);
        if (!isInside && /[\p{L}\p{N}]/u.test(text)) quotes.push({ start, end, text, kind: 'inline' });
      }
  }
  return quotes.sort((a, b) => a.start - b.start);
}

interface Stretch {
  readonly start: number;
  readonly letters: Letters;
  readonly passages: readonly SourcePassage[];
}

/** Passages of one document that touch or follow each other with nothing but white space between are one text. */
function stretchesOf(passages: readonly SourcePassage[]): readonly Stretch[] {
  const ordered = [...passages].sort((a, b) =>
    a.documentId === b.documentId ? a.start - b.start : a.documentId < b.documentId ? -1 : 1,
  );
  const joined: { start: number; text: string; passages: SourcePassage[] }[] = [];
  for (const passage of ordered) {
    const last = joined.at(-1);
    const before = last?.passages.at(-1);
    const end = last === undefined ? 0 : last.start + last.text.length;
    const isNext =
      before?.documentId === passage.documentId &&
      (passage.start <= end || passage.ordinal === before.ordinal + 1);
    if (last === undefined || !isNext) {
      joined.push({ start: passage.start, text: passage.text, passages: [passage] });
      continue;
    }
    last.passages.push(passage);
    last.text += '\n'.repeat(Math.max(0, passage.start - end));
    last.text += passage.text.slice(Math.max(0, end - passage.start));
  }
  return joined.map(({ start, text, passages: own }) => ({ start, letters: lettersOf(text), passages: own }));
}

function placeIn({ start, letters, passages }: Stretch, parts: readonly string[]): QuotePlace | undefined {
  let first = -1;
  let at = 0;
  for (const part of parts) {
    const found = indexOfWords(letters.text, part, at);
    if (found === -1) return undefined;
    if (first === -1) first = found;
    at = found + part.length;
  }
  if (first === -1) return undefined;
  const range = originalRange(letters, first, at);
  const place = { start: start + range.start, end: start + range.end };
  const passage = passages.find((each) => each.start <= place.start && place.start < each.end) ?? passages[0];
  return passage && { source: passage.number, ...place };
}

/**
 * Looks for each quote in the passages, letter by letter: only white space, typographic quotes and dashes are made equal
 * (`lettersOf`). An omission (…) parts a quote into pieces that must follow each other in one document; a full stop or
 * comma that the writer put inside the quotation marks need not be there.
 */
export function verifyQuotes(answer: string, passages: readonly SourcePassage[]): readonly VerifiedQuote[] {
  const stretches = stretchesOf(passages);
  return quotesOf(answer).map((quote) => {
    const parts = (text: string): readonly string[] =>
      text
        .split(OMISSION)
        .map((part) => lettersOf(part).text.trim())
        .filter((part) => part !== '');
    for (const text of [quote.text, quote.text.replace(/[.,]$/, '')])
      for (const stretch of stretches) {
        const found = placeIn(stretch, parts(text));
        if (found) return { ...quote, found };
      }
    return { ...quote, found: undefined };
  });
}
