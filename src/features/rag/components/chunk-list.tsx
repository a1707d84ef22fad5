import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useRef } from 'react';
import type { ChunkRecord, DocumentRecord } from '#core/ports/library-records.ts';
import { clockOf } from '#shared/clock.ts';
import { formatNumber } from '#ui/format.ts';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { Span } from '../library-state.ts';
import styles from '../viewer.module.css';
import { ChunkInside } from './chunk-inside.tsx';

function placeOf({ page, seconds, headingPath, tokenCount }: ChunkRecord): string {
  return [
    ...(page === undefined ? [] : [`p. ${page}`]),
    ...(seconds === undefined ? [] : [`at ${clockOf(seconds)}`]),
    `${formatNumber(tokenCount)} tokens`,
    ...headingPath.slice(-1),
  ].join(' · ');
}

/** One chunk, read from the disk when it comes into view. */
function Chunk({
  document,
  ordinal,
  controller,
  onOpen,
}: {
  readonly document: DocumentRecord;
  readonly ordinal: number;
  readonly controller: LibraryController;
  readonly onOpen: (span: Span) => void;
}) {
  const loaded = useLoaded(
    useCallback(() => controller.chunk(document.id, ordinal), [controller, document.id, ordinal]),
  );
  const chunk = loaded.status === 'ready' ? loaded.value : undefined;
  if (!chunk)
    return (
      <div className={styles.chunkWaiting}>{loaded.status === 'loading' ? '' : 'This chunk is gone.'}</div>
    );
  return (
    <div className={styles.chunkFrame}>
      <button
        type="button"
        className={styles.chunk}
        data-testid="chunk"
        onClick={() => onOpen({ start: chunk.start, end: chunk.end })}
      >
        <span className={styles.chunkHead}>
          <span className={styles.chunkNumber}>{ordinal + 1}</span>
          {placeOf(chunk)}
        </span>
        <span className={styles.chunkText}>{chunk.text.trim()}</span>
      </button>
      <ChunkInside chunk={chunk} controller={controller} />
    </div>
  );
}

/** What a document was cut into: the pieces that are embedded, searched and cited. */
export function ChunkList({
  document,
  controller,
  onOpen,
}: {
  readonly document: DocumentRecord;
  readonly controller: LibraryController;
  readonly onOpen: (span: Span) => void;
}) {
  const scroller = useRef<HTMLElement>(null);
  const count = document.chunkCount ?? 0;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 180,
    overscan: 4,
  });
  if (count === 0) return <p className={styles.note}>This document has not been cut into chunks yet.</p>;
  return (
    <section
      ref={scroller}
      className={styles.textScroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
      tabIndex={0}
      aria-label={`Chunks of ${document.name}`}
    >
      <div className={styles.virtual} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => (
          <div
            key={key}
            ref={rows.measureElement}
            data-index={index}
            className={styles.virtualRow}
            style={{ transform: `translateY(${start}px)` }}
          >
            <Chunk document={document} ordinal={index} controller={controller} onOpen={onOpen} />
          </div>
        ))}
      </div>
    </section>
  );
}
