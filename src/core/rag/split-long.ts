import type { Tokenizer } from '#core/ports/tokenizer.ts';
import type { Sentence } from './sentences.ts';

/** A sentence, or a part of one that is too long to be a chunk. */
export interface Unit extends Sentence {
  readonly tokens: number;
}

export interface ChunkLimits {
  readonly targetTokens: number;
  readonly maxTokens: number;
  readonly maxChars: number;
}

/** A sentence as units that fit: whole where it does, else cut at lines, then between words, then between tokens. */
export function* splitLong(
  text: string,
  sentence: Sentence,
  tokenizer: Tokenizer,
  limits: ChunkLimits,
): Generator<Unit> {
  for (let at = sentence.start; at < sentence.end; ) {
    const end = windowEnd(text, at, sentence.end, limits.maxChars);
    yield* fitted(text, at, end, tokenizer, limits, end === sentence.end && sentence.endsBlock);
    at = skipSpace(text, end, sentence.end);
  }
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /\s/.test(text.charAt(at))) at++;
  return at;
}

/** The end of at most `maxChars` characters: behind the last line of them, else the last word, else anywhere. */
function windowEnd(text: string, start: number, end: number, maxChars: number): number {
  if (end - start <= maxChars) return end;
  const window = text.slice(start, start + maxChars);
  const line = window.lastIndexOf('\n');
  if (line > maxChars / 4) return start + line;
  const space = window.search(/\s\S*$/);
  if (space > 0) return start + space;
  return beforePair(text, start + maxChars);
}

/** Never between the halves of a character. */
function beforePair(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

function* fitted(
  text: string,
  start: number,
  end: number,
  tokenizer: Tokenizer,
  limits: ChunkLimits,
  endsBlock: boolean,
): Generator<Unit> {
  const piece = text.slice(start, end).trimEnd();
  if (piece === '') return;
  const tokens = tokenizer.count(piece);
  const last = start + piece.length;
  if (tokens <= limits.maxTokens || piece.length === 1) {
    yield { start, end: last, tokens, endsBlock };
    return;
  }
  const spans = tokenizer.encode(piece);
  let at = 0;
  for (let first = 0; at < piece.length; ) {
    // In even parts, so that no crumb is left at the end.
    const left = spans.length - first;
    const parts = Math.ceil(left / limits.targetTokens);
    const wanted =
      parts > 1 ? (spans[first + Math.floor(left / parts)]?.start ?? piece.length) : piece.length;
    const isLast = wanted >= piece.length || wanted <= at;
    const cut = isLast ? piece.length : at + cutNear(piece.slice(at, at + (wanted - at) * 2), wanted - at);
    if (isLast && at === 0) return yield* halve(text, start, last, tokenizer, limits, endsBlock);
    yield* fitted(text, start + at, start + cut, tokenizer, limits, isLast && endsBlock);
    at = skipSpace(piece, cut, piece.length);
    while ((spans[first]?.start ?? piece.length) < at) first++;
  }
}

/** For what a tokenizer gives no places to cut at. */
function* halve(
  text: string,
  start: number,
  end: number,
  tokenizer: Tokenizer,
  limits: ChunkLimits,
  endsBlock: boolean,
): Generator<Unit> {
  const cut = Math.max(start + 1, beforePair(text, start + Math.ceil((end - start) / 2)));
  yield* fitted(text, start, cut, tokenizer, limits, false);
  yield* fitted(text, skipSpace(text, cut, end), end, tokenizer, limits, endsBlock);
}

/** Behind these a sentence without spaces may be cut; the place found is that of the next character. */
const BEHIND_CJK_CLAUSE = /(?<=[；，、：])[^；，、：]*$/;

/** At a line, a clause or a word before the wanted place; at that place in a word without end. */
function cutNear(piece: string, wanted: number): number {
  const before = piece.slice(0, wanted);
  const near = Math.floor(wanted * 0.6);
  for (const boundary of [
    /\n[^\n]*$/,
    /(?<=[;:])\s[^;:]*$/,
    /(?<=[,،])\s[^,،]*$/,
    BEHIND_CJK_CLAUSE,
    /\s\S*$/,
  ]) {
    const at = before.search(boundary);
    if (at > near || (boundary.source === '\\s\\S*$' && at > 0)) return at;
  }
  const space = piece.slice(wanted, wanted + 41).search(/\s/);
  if (space >= 0 && space < 40) return wanted + space;
  const whole = beforePair(piece, wanted);
  return whole > 0 ? whole : Math.min(2, piece.length - 1);
}
