import type { ParsedDocument, ParsedHeading } from '#core/ports/document-parser.ts';
import type { ChunkRecord } from '#core/ports/library-records.ts';
import type { Tokenizer } from '#core/ports/tokenizer.ts';
import { createBreather, throwIfAborted } from '#shared/breathe.ts';
import { createPlacer } from './place-chunk.ts';
import { eachSentence } from './sentences.ts';
import { type ChunkLimits, splitLong, type Unit } from './split-long.ts';

/** Raised whenever the same text would be cut in other places. */
export const CHUNKER_VERSION = 2;

/**
 * Long enough to hold a thought with its conditions, short enough that its vector means one thing and that six of them fit
 * into the context of a small chat model. bge-small and MiniLM were trained on passages of about this length.
 */
const TARGET_TOKENS = 208;
/** Kept free for the headings that are embedded with a chunk. */
const HEADING_TOKENS = 32;
/** A run without white space may be one token of any length: no chunk is longer than this. */
const MAX_CHARS = 6000;

export interface ChunkInput {
  readonly documentId: string;
  readonly parsed: ParsedDocument;
  readonly tokenizer: Tokenizer;
  /** Of the embedder; special tokens included. */
  readonly maxInputTokens: number;
  /** What the embedder puts before every passage. */
  readonly passagePrefix: string;
  readonly signal?: AbortSignal;
}

/** What one chunk may hold, and what is left of the embedder's input for the headings above it. */
export function limitsOf(input: Pick<ChunkInput, 'tokenizer' | 'maxInputTokens' | 'passagePrefix'>) {
  const { tokenizer, maxInputTokens, passagePrefix } = input;
  const room = maxInputTokens - tokenizer.specialTokens - tokenizer.count(passagePrefix);
  const headingTokens = room >= 4 * HEADING_TOKENS ? HEADING_TOKENS : 0;
  const maxTokens = Math.max(1, room - headingTokens);
  return { maxTokens, headingTokens, targetTokens: Math.min(TARGET_TOKENS, maxTokens), maxChars: MAX_CHARS };
}

/**
 * Cuts a document into passages at the ends of sentences, by the embedder's own count of tokens. No passage crosses a
 * heading; those of one section are of about equal length, and rather end with a paragraph. They do not overlap: every
 * character is cited from one place only, no vector is computed twice, and what an overlap would carry over (whose
 * section is this?) stands in the heading path, which is embedded with the passage.
 *
 * Every character but white space is in exactly one chunk, and `text` is exactly its slice.
 */
export async function* chunkDocument(input: ChunkInput): AsyncGenerator<ChunkRecord, void, void> {
  const { documentId, parsed, tokenizer, signal } = input;
  const limits: ChunkLimits = limitsOf(input);
  const breathe = createBreather(signal);
  const place = createPlacer(parsed);
  let ordinal = 0;

  function* records(units: readonly Unit[], headingPath: readonly string[]): Generator<ChunkRecord> {
    for (const { start, end, tokens } of settle(parsed.text, units, tokenizer, limits)) {
      const text = parsed.text.slice(start, end);
      yield { documentId, ordinal, text, start, end, tokenCount: tokens, headingPath, ...place(start, end) };
      ordinal++;
    }
  }

  throwIfAborted(signal);
  let carried: Unit[] = [];
  for (const section of sectionsOf(parsed)) {
    const units: Unit[] = carried;
    carried = [];
    for (const sentence of eachSentence(parsed.text, section.start, section.end)) {
      for (const unit of splitLong(parsed.text, sentence, tokenizer, limits)) {
        units.push(unit);
        await breathe();
        while (sum(units) > 2 * limits.targetTokens && units.length > 1) {
          yield* records(units.splice(0, fitting(units, limits.targetTokens, limits)), section.path);
        }
      }
    }
    if (section.isBare && !section.isLast) {
      carried = units; // a heading without text of its own belongs to what follows
      continue;
    }
    while (units.length > 0) {
      const parts = Math.ceil(sum(units) / limits.targetTokens);
      yield* records(units.splice(0, fitting(units, sum(units) / parts, limits)), section.path);
    }
  }
}

interface Section {
  readonly start: number;
  readonly end: number;
  readonly path: readonly string[];
  /** Holds nothing but its heading. */
  readonly isBare: boolean;
  readonly isLast: boolean;
}

function* sectionsOf({ text, headings }: ParsedDocument): Generator<Section> {
  const open: ParsedHeading[] = [];
  const startOf = (heading: ParsedHeading | undefined): number =>
    heading === undefined ? text.length : (heading.sectionStart ?? heading.start);
  const first = startOf(headings[0]);
  if (first > 0) yield { start: 0, end: first, path: [], isBare: false, isLast: headings.length === 0 };
  for (const [i, heading] of headings.entries()) {
    while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
    open.push(heading);
    const start = startOf(heading);
    const end = startOf(headings[i + 1]);
    const length = end - start > 1000 ? 1000 : text.slice(start, end).trim().length;
    yield {
      start,
      end,
      path: open.map((each) => each.text),
      isBare: length <= heading.text.length + 10,
      isLast: i === headings.length - 1,
    };
  }
}

function sum(units: readonly Unit[]): number {
  let tokens = 0;
  for (const unit of units) tokens += unit.tokens;
  return tokens;
}

/** How many of the first units make a chunk: up to the aim, at the end of a paragraph where one is near. */
function fitting(units: readonly Unit[], aim: number, limits: ChunkLimits): number {
  let tokens = 0;
  let count = 0;
  let atParagraph = 0;
  const start = units[0]?.start ?? 0;
  for (const unit of units) {
    const isOver = tokens + unit.tokens > limits.targetTokens || unit.end - start > limits.maxChars;
    if (count > 0 && (tokens >= aim || isOver)) break;
    tokens += unit.tokens;
    count++;
    if (unit.endsBlock && tokens >= aim * 0.7) atParagraph = count;
  }
  return atParagraph > 0 ? atParagraph : Math.max(1, count);
}

/** Units as one chunk, counted as a whole: where that is too long (tokens do not always add up), as several. */
function settle(
  text: string,
  units: readonly Unit[],
  tokenizer: Tokenizer,
  limits: ChunkLimits,
): readonly Unit[] {
  const [first] = units;
  const last = units.at(-1);
  if (first === undefined || last === undefined) return [];
  const tokens = tokenizer.count(text.slice(first.start, last.end));
  if (tokens <= limits.maxTokens || units.length === 1)
    return [{ start: first.start, end: last.end, tokens, endsBlock: last.endsBlock }];
  const half = Math.ceil(units.length / 2);
  return [
    ...settle(text, units.slice(0, half), tokenizer, limits),
    ...settle(text, units.slice(half), tokenizer, limits),
  ];
}

/** What is embedded for a chunk: the headings above it that it does not hold itself, then its text. */
export function embeddingText(
  chunk: Pick<ChunkRecord, 'text' | 'headingPath'>,
  tokenizer: Tokenizer,
  headingTokens: number,
): string {
  let above = chunk.headingPath.filter((heading) => heading.trim() !== '' && !chunk.text.includes(heading));
  // The separators and the joint may count, too.
  while (above.length > 0 && tokenizer.count(`${above.join(' – ')}\n`) > headingTokens - 2)
    above = above.slice(1);
  return above.length === 0 ? chunk.text : `${above.join(' – ')}\n${chunk.text}`;
}
