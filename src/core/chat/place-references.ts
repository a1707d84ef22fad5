import type { SentenceSupport } from '#core/ports/chat-records.ts';
import { CITATION_WITH_SPACE } from '#shared/citations.ts';

export interface PlacedText {
  readonly text: string;
  /** Where a range of the text before is now; undefined when nothing of it was kept. */
  readonly rangeOf: (
    start: number,
    end: number,
  ) => { readonly start: number; readonly end: number } | undefined;
}

/**
 * References as code found them: the model's own numbers are a hint at best and go; behind each supported sentence comes
 * what `referenceTo` makes for it. `supports` do not overlap; their offsets count from `offset` characters before `text`.
 */
export function placeReferences(
  text: string,
  supports: readonly SentenceSupport[],
  referenceTo: (support: SentenceSupport, index: number) => string,
  offset = 0,
): PlacedText {
  let placed = '';
  const kept: { readonly start: number; readonly end: number; readonly at: number }[] = [];
  const keep = (start: number, end: number): void => {
    if (end <= start) return;
    kept.push({ start, end, at: placed.length });
    placed += text.slice(start, end);
  };
  const keepWithoutOwn = (start: number, end: number): void => {
    let at = start;
    for (const { 0: own, index } of text.slice(start, end).matchAll(CITATION_WITH_SPACE)) {
      keep(at, start + index);
      at = start + index + own.length;
    }
    keep(at, end);
  };
  const ordered = supports
    .map((support, index) => ({ support, index, start: support.start - offset, end: support.end - offset }))
    .sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { support, index, start, end } of ordered) {
    if (start < at || end > text.length) continue;
    keepWithoutOwn(at, start);
    keepWithoutOwn(start, end);
    at = end;
    if (support.source === null) continue;
    const gap = placed.length - placed.trimEnd().length;
    const reference = referenceTo(support, index);
    if (gap === 0) placed += reference;
    else placed = `${placed.slice(0, -gap)}${reference}${placed.slice(-gap)}`;
  }
  keepWithoutOwn(at, text.length);
  return {
    text: placed,
    rangeOf(start, end) {
      const inside = kept.filter((piece) => piece.end > start && piece.start < end);
      const [first, last] = [inside[0], inside.at(-1)];
      if (first === undefined || last === undefined) return undefined;
      const from = first.at + Math.max(0, start - first.start);
      let to = last.at + Math.min(end, last.end) - last.start;
      while (to > from && /\s/.test(placed.charAt(to - 1))) to--;
      return to > from ? { start: from, end: to } : undefined;
    },
  };
}
