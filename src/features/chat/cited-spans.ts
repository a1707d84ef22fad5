import type { SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';

/** Character offsets in a document's text, end exclusive. */
export interface DocumentSpan {
  readonly start: number;
  readonly end: number;
}

/** The part of a document that a citation opens: what supports the sentence, else what was found. */
export function openedSpan(passage: SourcePassage, support: SentenceSupport | undefined): DocumentSpan {
  const { start, end } = passage.found ?? passage;
  return { start: support?.spanStart ?? start, end: support?.spanEnd ?? end };
}

/** Where a document is opened, as the viewer takes it; `span` is one of `hits`. */
export interface OpenedSource {
  readonly documentId: string;
  readonly span: DocumentSpan;
  readonly hits: readonly DocumentSpan[];
  readonly page?: number;
}

export function openedSource(
  passage: SourcePassage,
  support: SentenceSupport | undefined,
  hits: readonly DocumentSpan[],
): OpenedSource {
  const { documentId, page } = passage;
  return { documentId, span: openedSpan(passage, support), hits, ...(page === undefined ? {} : { page }) };
}

/**
 * All that an answer cites of one document, in the document's order, each span once; what is opened is among them. That is
 * what “next” and “previous” lead through.
 */
export function citedSpansIn(
  documentId: string,
  passages: readonly SourcePassage[],
  supports: readonly SentenceSupport[],
  opened: DocumentSpan,
): readonly DocumentSpan[] {
  const cited = supports.flatMap((support): DocumentSpan[] => {
    const passage = passages.find(({ number }) => number === support.source);
    return passage?.documentId === documentId ? [openedSpan(passage, support)] : [];
  });
  const each = new Map([...cited, opened].map((span) => [`${span.start}-${span.end}`, span]));
  return [...each.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}
