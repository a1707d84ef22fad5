import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { DocumentLink } from '#core/ports/document-parser.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { Span } from '../library-state.ts';
import { type TextWindow, WINDOW_CHARACTERS } from '../read-document.ts';
import { cutBlocks } from '../text-blocks.ts';
import styles from '../viewer.module.css';
import { LinkedText } from './outward-link.tsx';

const NO_LINKS: readonly DocumentLink[] = [];

/** What stands out in a text, by the parser that wrote it: pieces at odd places are set off. */
const SET_OFF: Readonly<Record<string, RegExp>> = {
  markdown: /^(#{1,6} .*)$/m,
  // The rows that a heading of a table names.
  xlsx: /^(Rows? \d+(?:–\d+)?)$/m,
  csv: /^(Rows? \d+(?:–\d+)?)$/m,
};
/** In the row of a table: its mark, what stands between cells, and the names of columns. */
const ROW_PARTS = /(^- | \| |(?<=^- | \| )[^:|\n]{1,80}: )/m;

function Cells({ text }: { readonly text: string }) {
  return text.split(ROW_PARTS).map((part, i) =>
    i % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <span key={i} className={styles.quiet}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}

/** The text as it is, every character of it; headings stand out, and in tables the values do. */
function Prose({ text, kind }: { readonly text: string; readonly kind: string | undefined }) {
  const pattern = SET_OFF[kind ?? ''];
  if (pattern === undefined) return text;
  const isTable = kind !== 'markdown';
  return text.split(pattern).map((part, i) =>
    i % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <strong key={i}>{part}</strong>
    ) : isTable ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <Cells key={i} text={part} />
    ) : (
      part
    ),
  );
}

function Block({
  text,
  start,
  links,
  mark,
  kind,
}: {
  readonly text: string;
  /** Of the document's text. */
  readonly start: number;
  readonly links: readonly DocumentLink[];
  readonly mark: Span | undefined;
  readonly kind: string | undefined;
}) {
  const prose = (part: string) => <Prose text={part} kind={kind} />;
  const linked = (from: number, to?: number) => (
    <LinkedText text={text.slice(from, to)} start={start + from} links={links} prose={prose} />
  );
  if (!mark) return <p className={styles.block}>{linked(0)}</p>;
  return (
    <p className={styles.block}>
      {linked(0, mark.start)}
      <mark data-testid="cited-span" className={styles.textMark}>
        {linked(mark.start, mark.end)}
      </mark>
      {linked(mark.end)}
    </p>
  );
}

function Blocks({
  window,
  links,
  span,
  document,
}: {
  readonly window: TextWindow;
  readonly links: readonly DocumentLink[];
  readonly span: Span | undefined;
  readonly document: DocumentRecord;
}) {
  const { text, start: offset } = window;
  const start = span === undefined ? undefined : span.start - offset;
  const end = span === undefined ? undefined : span.end - offset;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same span asked for again leads back to it
  const inside = useMemo(
    () =>
      start === undefined || end === undefined || start < 0 || end > text.length ? undefined : { start, end },
    [span, start, end, text],
  );
  const blocks = useMemo(() => cutBlocks(text, inside), [text, inside]);
  const scroller = useRef<HTMLElement>(null);
  const markedIndex = inside ? blocks.findIndex((block) => block.end > inside.start) : -1;
  const rows = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 520,
    overscan: 2,
    initialOffset: markedIndex > 0 ? markedIndex * 520 : 0,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls for another span, not for every measured row
  useEffect(() => {
    if (markedIndex < 0) return;
    rows.scrollToIndex(markedIndex, { align: 'start' });
    // The mark may stand far down in its block; it is in the page only after the row was laid out.
    const frame = setTimeout(() => {
      scroller.current?.querySelector('mark')?.scrollIntoView({ block: 'center' });
    }, 120);
    return () => clearTimeout(frame);
  }, [markedIndex, inside]);
  return (
    <section
      ref={scroller}
      className={styles.textScroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
      tabIndex={0}
      aria-label={`Text of ${document.name}`}
    >
      <div className={styles.virtual} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start: top }) => {
          const block = blocks[index];
          if (!block) return null;
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={styles.virtualRow}
              style={{ transform: `translateY(${top}px)` }}
            >
              <Block
                text={text.slice(block.start, block.end)}
                start={offset + block.start}
                links={links}
                kind={document.parserId}
                mark={
                  inside && index === markedIndex
                    ? { start: inside.start - block.start, end: inside.end - block.start }
                    : undefined
                }
              />
            </div>
          );
        })}
      </div>
    </section>
  );
}

/** The extracted text with the cited span marked; a very long text a window at a time. */
export function TextView({
  controller,
  document,
  span,
}: {
  readonly controller: LibraryController;
  readonly document: DocumentRecord;
  readonly span: Span | undefined;
}) {
  const [near, setNear] = useState(span?.start ?? 0);
  useEffect(() => {
    if (span) setNear(span.start);
  }, [span]);
  const loaded = useLoaded(
    useCallback(() => controller.text(document.id, near), [controller, document.id, near]),
  );
  const linked = useLoaded(useCallback(() => controller.links(document.id), [controller, document.id]));
  if (loaded.status === 'failed') return <ErrorCard error={loaded.error} />;
  // A text whose links cannot be read is a text without links.
  if (loaded.status === 'loading' || linked.status === 'loading')
    return <p className={styles.note}>Opening…</p>;
  const links = linked.status === 'ready' ? linked.value : NO_LINKS;
  const window = loaded.value;
  const end = window.start + window.text.length;
  if (window.total === 0)
    return (
      <p className={styles.note}>
        {document.status === 'ready' || document.status === 'failed'
          ? 'There is no text in this document.'
          : 'This document has not been read yet.'}
      </p>
    );
  const isPart = window.text.length < window.total;
  return (
    <>
      {isPart ? (
        <div className={styles.tools}>
          <span className={styles.quiet}>
            Characters {formatNumber(window.start)} to {formatNumber(end)} of {formatNumber(window.total)}
          </span>
          <span className={styles.grow} />
          <Button
            size="small"
            variant="quiet"
            disabled={window.start === 0}
            onClick={() => setNear(window.start - WINDOW_CHARACTERS / 2)}
          >
            Earlier
          </Button>
          <Button
            size="small"
            variant="quiet"
            disabled={end >= window.total}
            onClick={() => setNear(end + WINDOW_CHARACTERS / 2)}
          >
            Later
          </Button>
        </div>
      ) : null}
      <Blocks window={window} links={links} span={span} document={document} />
    </>
  );
}
