import type { Span } from './library-state.ts';

/** A stretch of a document's text that is laid out at once; `start` counts from the beginning of `text`. */
export interface TextBlock {
  readonly start: number;
  readonly end: number;
}

const TARGET_CHARACTERS = 1500;

/**
 * Cuts a text at line ends into blocks of about 1500 characters for a virtualised list. Nothing is left out, and a span
 * that is to be marked stays within one block.
 */
export function cutBlocks(text: string, keep?: Span): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + TARGET_CHARACTERS);
    if (end < text.length) {
      const newline = text.indexOf('\n', end);
      end = newline === -1 || newline > end + TARGET_CHARACTERS * 2 ? end : newline + 1;
    }
    if (keep && keep.start < end && keep.end > end) {
      const newline = text.indexOf('\n', keep.end);
      end = newline === -1 || newline > keep.end + TARGET_CHARACTERS * 2 ? keep.end : newline + 1;
    }
    // A pair of surrogates is one character.
    if (end < text.length && /[\uDC00-\uDFFF]/.test(text.charAt(end))) end += 1;
    blocks.push({ start, end });
    start = end;
  }
  return blocks;
}
