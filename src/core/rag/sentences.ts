import { CITATION } from '#shared/citations.ts';

export interface Span {
  /** UTF-16 offsets, end exclusive; never empty, white space neither first nor last. */
  readonly start: number;
  readonly end: number;
}

export interface Sentence extends Span {
  /** The last of its paragraph, list item or table row. */
  readonly endsBlock: boolean;
}

const ABBREVIATION =
  /(?:^|[\s([{"'“‘])(?:dr|mr|mrs|ms|prof|st|jr|sr|rev|gen|col|capt|lt|sgt|hon|vs|etc|approx|ca|cf|al|fig|figs|no|nos|vol|pp?|sec|ch|eq|art|ed|eds|inc|ltd|co|corp|dept|est|min|max|temp|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|e\.?g|i\.?e|a\.m|p\.m|u\.s|u\.k|z\.b|d\.h|bzw|usw|nr|str|\p{Lu})\.$/iu;
/** Abbreviations after which a sentence may well end. */
const MAY_END = /(?:etc|a\.m|p\.m|u\.s|u\.k|inc|ltd|co|corp|jr|sr|al|usw)\.$/iu;
const OPENERS = /^["'“‘«([{*_]*/u;

/** Latin, Arabic, Urdu and Indic marks need a space behind them; those of Chinese and Japanese stand alone. */
const END = /[.!?…؟۔।]+["'”’»)\]*_]*(?=\s|$)|[。！？｡]+[」』”’）》】〉]*/gu;
/** Source numbers that stand behind a full stop: [1], [1][2], [1, 2]. */
const CITATIONS = new RegExp(`^[ \\t]*(?:${CITATION.source}[ \\t]*[,;]?[ \\t]*)+(?:\\.(?=\\s|$))?`);

function isSentenceEnd(text: string, from: number, mark: string, at: number, limit: number): boolean {
  if (/^[。！？｡]/.test(mark)) return true;
  const rest = text.slice(at + mark.length, Math.min(limit, at + mark.length + 48)).trimStart();
  if (rest === '') return true;
  const next = rest.replace(OPENERS, '').charAt(0);
  if (mark.startsWith('.') && !mark.startsWith('..')) {
    const before = text.slice(Math.max(from, at - 16), at + 1);
    if (ABBREVIATION.test(before)) {
      // 'at 5 p.m. The valve': only a capital letter, and only after some, tells an end.
      if (!MAY_END.test(before) || !/^\p{Lu}/u.test(next)) return false;
    }
    // A list number of its own: '1. Open the valve'.
    if (/(?:^|\n)\s*\d{1,3}\.$/.test(text.slice(Math.max(from, at - 8), at + 1)) && at - from < 6)
      return false;
  }
  return !/^[\p{Ll},;:]/u.test(next);
}

function trimmed(text: string, start: number, end: number): Span | undefined {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text.charAt(from))) from++;
  while (to > from && /\s/.test(text.charAt(to - 1))) to--;
  return to > from ? { start: from, end: to } : undefined;
}

/** Pieces that are apart by blank lines or that lines begin as items, rows or headings of Markdown. */
function* blocks(text: string, start: number, end: number): Generator<Span> {
  // What looks behind stands after the line break: elsewhere it would look back from every character.
  const cut =
    /\n[ \t]*\n|\n(?=[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+\S)|\n(?=[ \t]*(?:#{1,6}[ \t]|\|))|\n(?<=\|[ \t]*\n)|\n(?<=^#{1,6}[ \t][^\n]*\n)/gm;
  let at = start;
  cut.lastIndex = start;
  for (let match = cut.exec(text); match !== null && match.index < end; match = cut.exec(text)) {
    const block = trimmed(text, at, match.index);
    if (block) yield block;
    at = match.index + match[0].length;
    if (match[0].length === 0) cut.lastIndex++;
  }
  const block = trimmed(text, at, end);
  if (block) yield block;
}

/**
 * Sentences of a part of a text, in order, with everything but white space in exactly one of them. A full stop ends a
 * sentence unless it belongs to an abbreviation, an initial, a number or a list; source numbers behind it belong to the
 * sentence before them. Paragraphs, list items, table rows and Markdown headings end one too.
 */
export function* eachSentence(text: string, start = 0, end = text.length): Generator<Sentence> {
  for (const block of blocks(text, start, end)) {
    let at = block.start;
    const inside = text.slice(block.start, block.end);
    for (const match of inside.matchAll(END)) {
      const markAt = block.start + match.index;
      if (markAt < at) continue;
      let to = markAt + match[0].length;
      const cited = CITATIONS.exec(text.slice(to, Math.min(block.end, to + 64)))?.[0] ?? '';
      if (cited === '' ? !isSentenceEnd(text, at, match[0], markAt, block.end) : false) continue;
      to += cited.length;
      const sentence = trimmed(text, at, to);
      if (sentence) yield { ...sentence, endsBlock: sentence.end === block.end };
      at = to;
    }
    const rest = trimmed(text, at, block.end);
    if (rest) yield { ...rest, endsBlock: true };
  }
}

/** All of `eachSentence`. */
export function sentencesOf(text: string, start = 0, end = text.length): readonly Sentence[] {
  return [...eachSentence(text, start, end)];
}
