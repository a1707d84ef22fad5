import type { ParsedHeading } from '#core/ports/document-parser.ts';

/** A stretch of text between two paragraph breaks. */
export interface Block {
  readonly start: number;
  end: number;
  readonly size: number;
  lines: number;
  readonly page: number;
}

/** One entry of the document's own table of contents. */
export interface OutlineEntry {
  readonly title: string;
  /** 1 is the top. */
  readonly depth: number;
  /** 1-based; undefined when the entry points nowhere. */
  readonly page: number | undefined;
}

const LARGER = 1.12;
const MAX_CHARACTERS = 160;
const MAX_LINES = 3;

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The size that most characters have. */
function bodySize(blocks: readonly Block[]): number {
  const characters = new Map<number, number>();
  for (const block of blocks) {
    const size = Math.round(block.size * 2) / 2;
    characters.set(size, (characters.get(size) ?? 0) + block.end - block.start);
  }
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1;
}

function titleOf(text: string, block: Block): string {
  return text.slice(block.start, block.end).replace(/\s+/g, ' ').trim();
}

function fromOutline(
  text: string,
  blocks: readonly Block[],
  outline: readonly OutlineEntry[],
): ParsedHeading[] {
  const byPage = new Map<number, Block[]>();
  for (const block of blocks) byPage.set(block.page, [...(byPage.get(block.page) ?? []), block]);
  const found = new Map<number, ParsedHeading>();
  for (const entry of outline) {
    const wanted = normalise(entry.title);
    if (entry.page === undefined || wanted === '') continue;
    const block = byPage.get(entry.page)?.find((candidate) => {
      const shown = normalise(text.slice(candidate.start, Math.min(candidate.end, candidate.start + 300)));
      return shown === wanted || (shown.endsWith(wanted) && shown.length < wanted.length + 12);
    });
    if (block && !found.has(block.start))
      found.set(block.start, {
        level: Math.min(6, entry.depth),
        text: titleOf(text, block),
        start: block.start,
      });
  }
  return [...found.values()];
}

function fromSizes(text: string, blocks: readonly Block[]): ParsedHeading[] {
  const body = bodySize(blocks);
  const large = blocks.filter(
    (block) =>
      block.size >= body * LARGER &&
      block.end - block.start <= MAX_CHARACTERS &&
      block.lines <= MAX_LINES &&
      /\p{L}{2}/u.test(text.slice(block.start, block.end)),
  );
  const sizes = [...new Set(large.map((block) => Math.round(block.size)))].sort((a, b) => b - a);
  return large.map((block) => ({
    level: Math.min(6, sizes.indexOf(Math.round(block.size)) + 1),
    text: titleOf(text, block),
    start: block.start,
  }));
}

/** Headings as the document's outline names them; without a usable outline, short blocks in larger type. */
export function headingsOf(
  text: string,
  blocks: readonly Block[],
  outline: readonly OutlineEntry[],
): readonly ParsedHeading[] {
  const named = fromOutline(text, blocks, outline);
  const isUsable = named.length >= 2 && named.length >= outline.length * 0.5;
  return (isUsable ? named : fromSizes(text, blocks)).sort((a, b) => a.start - b.start);
}

/** The block in the largest type on the first page, when it is large enough to be meant as a title. */
export function titleFrom(text: string, blocks: readonly Block[]): string | undefined {
  const body = bodySize(blocks);
  let best: Block | undefined;
  for (const block of blocks) {
    if (block.page !== 1 || block.size < body * LARGER || block.end - block.start > MAX_CHARACTERS) continue;
    if (/\p{L}{2}/u.test(text.slice(block.start, block.end)) && block.size > (best?.size ?? 0)) best = block;
  }
  return best && titleOf(text, best);
}
