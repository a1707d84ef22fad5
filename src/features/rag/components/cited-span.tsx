import type { ParsedPage, TextBox } from '#core/ports/document-parser.ts';
import type { PageGeometry } from '#core/ports/page-renderer.ts';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import { cutSpan, placePiece } from '../highlight.ts';
import type { Span } from '../library-state.ts';
import styles from '../viewer.module.css';

/** The text of a span and of every run it touches. */
export interface SpanText {
  readonly text: string;
  readonly boxes: readonly TextBox[];
  /** Texts of the whole runs, in the order of `boxes`. */
  readonly runs: readonly string[];
}

/** Share of the page at which the first mark on it begins; undefined when none is on this page. */
export function firstMarkTop(
  span: Span,
  { text, boxes, runs }: SpanText,
  page: ParsedPage['number'],
  geometry: PageGeometry,
): number | undefined {
  const tops = cutSpan(span, text, boxes).flatMap((piece) =>
    piece.kind === 'box' && piece.box.page === page
      ? [placePiece(piece, runs[boxes.indexOf(piece.box)] ?? piece.text, geometry).top]
      : [],
  );
  return tops.length === 0 ? undefined : Math.min(...tops);
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
