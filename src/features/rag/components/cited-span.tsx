import type { ParsedPage, TextBox } from '#core/ports/document-parser.ts';
import type { PageGeometry } from '#core/ports/page-renderer.ts';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import { cutSpan, type Place, placePiece } from '../highlight.ts';
import type { Span } from '../library-state.ts';
import styles from '../viewer.module.css';

/** The text of a span and of every run it touches. */
export interface SpanText {
  readonly text: string;
  readonly boxes: readonly TextBox[];
  /** Texts of the whole runs, in the order of `boxes`. */
  readonly runs: readonly string[];
}

/** The rectangle around all marks of one page, in shares of the page; undefined when none is on it. */
export function markedArea(
  span: Span,
  { text, boxes, runs }: SpanText,
  page: ParsedPage['number'],
  geometry: PageGeometry,
): Place | undefined {
  const places = cutSpan(span, text, boxes).flatMap((piece) =>
    piece.kind === 'box' && piece.box.page === page
      ? [placePiece(piece, runs[boxes.indexOf(piece.box)] ?? piece.text, geometry)]
      : [],
  );
  if (places.length === 0) return undefined;
  const left = Math.min(...places.map((place) => place.left));
  const top = Math.min(...places.map((place) => place.top));
  return {
    left,
    top,
    width: Math.max(...places.map((place) => place.left + place.width)) - left,
    height: Math.max(...places.map((place) => place.top + place.height)) - top,
  };
}

/**
 * Marks over the painted page. Every mark carries its own words, and what stands between two marks or on another page is
 * there for readers of the text: joined, it is the cited span exactly.
 */
export function CitedSpan({
  span,
  content,
  page,
  geometry,
}: {
  readonly span: Span;
  readonly content: SpanText;
  readonly page: number;
  readonly geometry: PageGeometry;
}) {
  const { text, boxes, runs } = content;
  return (
    <p className={styles.citedSpan} data-testid="cited-span">
      {cutSpan(span, text, boxes).map((piece) => {
        if (piece.kind === 'between' || piece.box.page !== page)
          return <VisuallyHidden key={piece.start}>{piece.text}</VisuallyHidden>;
        const place = placePiece(piece, runs[boxes.indexOf(piece.box)] ?? piece.text, geometry);
        return (
          <mark
            key={piece.start}
            className={styles.mark}
            style={{
              left: `${place.left * 100}%`,
              top: `${place.top * 100}%`,
              width: `${place.width * 100}%`,
              height: `${place.height * 100}%`,
            }}
          >
            {piece.text}
          </mark>
        );
      })}
    </p>
  );
}
