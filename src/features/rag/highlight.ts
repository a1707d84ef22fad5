import type { TextBox } from '#core/ports/document-parser.ts';
import type { PageGeometry } from '#core/ports/page-renderer.ts';
import type { Span } from './library-state.ts';

/** A rectangle on the displayed page, in shares of its width and height. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A piece of a cited span, in text order: pieces joined give the span's text exactly. */
export type SpanPiece =
  | { readonly kind: 'box'; readonly text: string; readonly start: number; readonly box: TextBox }
  | { readonly kind: 'between'; readonly text: string; readonly start: number };

/** Cuts a span along the boxes it touches. `text` is the span's own text. */
export function cutSpan(span: Span, text: string, boxes: readonly TextBox[]): readonly SpanPiece[] {
  const pieces: SpanPiece[] = [];
  const part = (from: number, to: number): string => text.slice(from - span.start, to - span.start);
  let at = span.start;
  for (const box of boxes) {
    const from = Math.max(at, box.start);
    const to = Math.min(span.end, box.end);
    if (to <= from) continue;
    if (from > at) pieces.push({ kind: 'between', text: part(at, from), start: at });
    pieces.push({ kind: 'box', text: part(from, to), start: from, box });
    at = to;
  }
  if (at < span.end) pieces.push({ kind: 'between', text: part(at, span.end), start: at });
  return pieces;
}

// Relative widths of letters in ordinary type: near enough to begin a mark between two words.
function weightOf(character: string): number {
  if (/[iljtfrI.,:;'’|!()[\] -]/.test(character)) return 0.5;
  if (/[mwMW@%—]/.test(character)) return 1.5;
  return /\p{Lu}/u.test(character) ? 1.2 : 1;
}

function weigh(text: string): number {
  let sum = 0;
  for (const character of text) sum += weightOf(character);
  return sum;
}

/** Where a piece of a run stands on the displayed page. `runText` is the text of the whole box. */
export function placePiece(
  piece: { readonly text: string; readonly start: number; readonly box: TextBox },
  runText: string,
  page: PageGeometry,
): Place {
  const run = turn(piece.box, page);
  const total = weigh(runText) || 1;
  const offset = piece.start - piece.box.start;
  const from = weigh(runText.slice(0, offset)) / total;
  const share = weigh(runText.slice(offset, offset + piece.text.length)) / total;
  const cut =
    run.width >= run.height || runText.length < 3
      ? { ...run, left: run.left + run.width * from, width: run.width * share }
      : { ...run, top: run.top + run.height * from, height: run.height * share };
  return {
    left: cut.left / page.width,
    top: cut.top / page.height,
    width: cut.width / page.width,
    height: cut.height / page.height,
  };
}

/** A box of the unturned page on the page as it is displayed, in points. */
function turn(box: TextBox, page: PageGeometry): Place {
  const { x, y, width, height } = box;
  if (page.rotation === 90) return { left: page.width - y - height, top: x, width: height, height: width };
  if (page.rotation === 180)
    return { left: page.width - x - width, top: page.height - y - height, width, height };
  if (page.rotation === 270) return { left: y, top: page.height - x - width, width: height, height: width };
  return { left: x, top: y, width, height };
}
