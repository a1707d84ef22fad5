import { ChevronLeft, ChevronRight, Quote, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { OpenPages, PageGeometry } from '#core/ports/page-renderer.ts';
import { isAbort, toAppError, toWire, type WireError } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { Span } from '../library-state.ts';
import { percent } from '../recognition/recognition-note.tsx';
import styles from '../viewer.module.css';
import { CitedSpan, markedArea, type SpanText } from './cited-span.tsx';

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;
const PADDING = 24;
/** A page that fills a wide screen is larger than anybody reads. */
const MAX_FIT_WIDTH = 880;

function pageAt(document: DocumentRecord, offset: number): number {
  const pages = document.pages ?? [];
  return (pages.find(({ end }) => offset < end) ?? pages.at(-1))?.number ?? 1;
}

async function loadSpan(controller: LibraryController, documentId: string, span: Span): Promise<SpanText> {
  const [boxes, window] = await Promise.all([
    controller.boxes(documentId, span),
    controller.text(documentId, span.start),
  ]);
  const slice = (from: number, to: number): string =>
    window.text.slice(from - window.start, to - window.start);
  return {
    text: slice(span.start, span.end),
    boxes,
    runs: boxes.map((box) => slice(box.start, box.end)),
  };
}

function useWidth(): [(element: HTMLDivElement | null) => void, number] {
  const [width, setWidth] = useState(0);
  const observer = useRef<ResizeObserver>(null);
  const attach = useCallback((element: HTMLDivElement | null) => {
    observer.current?.disconnect();
    if (!element) return;
    setWidth(element.clientWidth);
    observer.current = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.current.observe(element);
  }, []);
  return [attach, width];
}

/** Paints one page into its canvas whenever page, size or density change; the last paint wins. */
function usePaint(pages: OpenPages, page: number, cssWidth: number, geometry: PageGeometry | undefined) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [paintedPage, setPaintedPage] = useState<number>();
  const [error, setError] = useState<WireError>();
  useEffect(() => {
    const target = canvas.current;
    if (!target || !geometry || cssWidth <= 0) return;
    const abort = new AbortController();
    const scale = (cssWidth / geometry.width) * Math.min(3, devicePixelRatio || 1);
    pages.render(page, target, scale, { signal: abort.signal }).then(
      () => {
        if (abort.signal.aborted) return;
        setError(undefined);
        setPaintedPage(page);
      },
      (reason: unknown) => {
        if (!abort.signal.aborted && !isAbort(reason)) setError(toWire(toAppError(reason)));
      },
    );
    return () => abort.abort();
  }, [pages, page, cssWidth, geometry]);
  return { canvas, paintedPage, error };
}

function Paper({
  pages,
  page,
  zoom,
  width,
  span,
  content,
  onMark,
}: {
  readonly pages: OpenPages;
  readonly page: number;
  readonly zoom: number;
  readonly width: number;
  readonly span: Span | undefined;
  readonly content: SpanText | undefined;
  /** Where the marks begin, in pixels of the paper. */
  readonly onMark: (place: { left: number; top: number }) => void;
}) {
  const geometry = useLoaded(useCallback(() => pages.geometry(page), [pages, page]));
  const size = geometry.status === 'ready' ? geometry.value : undefined;
  const cssWidth = Math.floor(Math.min(MAX_FIT_WIDTH, Math.max(120, width - PADDING)) * zoom);
  const cssHeight = size ? (cssWidth / size.width) * size.height : cssWidth * 1.41;
  const { canvas, paintedPage, error } = usePaint(pages, page, cssWidth, size);
  const area = span && content && size ? markedArea(span, content, page, size) : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marks stay in view when they or the paper's size change
  useEffect(() => {
    if (area) onMark({ left: area.left * cssWidth, top: area.top * cssHeight });
  }, [area?.top, area?.left, page, span, cssHeight]);
  return (
    <div
      className={styles.paper}
      style={{ width: cssWidth, height: cssHeight }}
      data-page={page}
      data-painted={paintedPage === page || undefined}
    >
      <canvas ref={canvas} className={styles.canvas} role="img" aria-label={`Page ${page}`} />
      {span && content && size ? (
        <CitedSpan span={span} content={content} page={page} geometry={size} />
      ) : null}
      {error ? <ErrorCard error={error} /> : null}
    </div>
  );
}

interface PdfViewProps {
  readonly controller: LibraryController;
  readonly document: DocumentRecord;
  readonly span: Span | undefined;
  readonly page: number | undefined;
}

function Pages({
  pages,
  document,
  span,
  page: startPage,
  controller,
}: PdfViewProps & { readonly pages: OpenPages }) {
  const citedPage = span ? pageAt(document, span.start) : undefined;
  const [page, setPage] = useState(citedPage ?? startPage ?? 1);
  const confidence = document.pages?.[page - 1]?.confidence;
  const [zoom, setZoom] = useState(1);
  const [attach, width] = useWidth();
  const scroller = useRef<HTMLDivElement>(null);
  const start = span?.start;
  const end = span?.end;
  const content = useLoaded(
    useCallback(
      async () =>
        start === undefined || end === undefined
          ? undefined
          : loadSpan(controller, document.id, { start, end }),
      [controller, document.id, start, end],
    ),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another span on the same page leads back to it as well, and so does the same one, asked for again
  useEffect(() => {
    const wanted = citedPage ?? startPage;
    if (wanted !== undefined) setPage(wanted);
  }, [citedPage, startPage, span]);
  const go = (to: number): void => {
    setPage(Math.min(pages.pageCount, Math.max(1, to)));
    scroller.current?.scrollTo({ top: 0 });
  };
  const zoomBy = (step: number): void => {
    const nearest = ZOOMS.findIndex((each) => each >= zoom);
    setZoom(ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, nearest + step))] ?? 1);
  };
  const actions = new Map<string, () => void>([
    ['ArrowRight', () => go(page + 1)],
    ['ArrowLeft', () => go(page - 1)],
    ['PageDown', () => go(page + 1)],
    ['PageUp', () => go(page - 1)],
    ['Home', () => go(1)],
    ['End', () => go(pages.pageCount)],
    ['+', () => zoomBy(1)],
    ['-', () => zoomBy(-1)],
    ['0', () => setZoom(1)],
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actions.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const onMark = ({ left, top }: { left: number; top: number }): void => {
    const view = scroller.current;
    view?.scrollTo({ left: Math.max(0, left - 4), top: Math.max(0, top - view.clientHeight / 3) });
  };
  return (
    <div className={styles.pdf}>
      <div className={styles.tools}>
        <IconButton
          label="Previous page"
          icon={<ChevronLeft />}
          disabled={page <= 1}
          onClick={() => go(page - 1)}
        />
        <span className={styles.pageNumber} data-testid="page-number">
          {page} / {pages.pageCount}
        </span>
        <IconButton
          label="Next page"
          icon={<ChevronRight />}
          disabled={page >= pages.pageCount}
          onClick={() => go(page + 1)}
        />
        {citedPage !== undefined && citedPage !== page ? (
          <Button size="small" variant="quiet" icon={<Quote />} onClick={() => go(citedPage)}>
            p. {citedPage}
          </Button>
        ) : null}
        <span className={styles.grow} />
        {confidence === undefined ? null : (
          <span className={styles.quiet} data-testid="page-confidence">
            OCR, {percent(confidence)} sure
          </span>
        )}
        <IconButton label="Smaller" icon={<ZoomOut />} disabled={zoom <= 0.5} onClick={() => zoomBy(-1)} />
        <IconButton label="Larger" icon={<ZoomIn />} disabled={zoom >= 4} onClick={() => zoomBy(1)} />
      </div>
      {content.status === 'failed' ? <ErrorCard error={content.error} /> : null}
      <section
        ref={(element) => {
          scroller.current = element as HTMLDivElement | null;
          attach(element as HTMLDivElement | null);
        }}
        className={styles.desk}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        tabIndex={0}
        aria-label={`Pages of ${document.name}`}
        onKeyDown={onKeyDown}
      >
        <Paper
          pages={pages}
          page={page}
          zoom={zoom}
          width={width}
          span={span}
          content={content.status === 'ready' ? content.value : undefined}
          onMark={onMark}
        />
      </section>
    </div>
  );
}

/** A PDF as it looks, one page at a time, with the cited span marked. */
export function PdfView(props: PdfViewProps) {
  const { controller, document } = props;
  const opened = useLoaded(
    useCallback(
      (signal: AbortSignal) => controller.openPages(document.id, signal),
      [controller, document.id],
    ),
    (pages) => void pages.close(),
  );
  if (opened.status === 'failed') return <ErrorCard error={opened.error} />;
  if (opened.status === 'loading') return <p className={styles.note}>Opening…</p>;
  return <Pages {...props} pages={opened.value} />;
}
