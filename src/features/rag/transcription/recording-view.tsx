import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ParsedTime } from '#core/ports/document-parser.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { clockOf } from '#shared/clock.ts';
import { ErrorCard } from '#ui/error-card.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { Span } from '../library-state.ts';
import styles from './transcription.module.css';
import { TranscribeButton } from './transcription-dialog.tsx';

interface RecordingViewProps {
  readonly controller: LibraryController;
  readonly document: DocumentRecord;
  /** What is cited: the recording opens at its second. */
  readonly span: Span | undefined;
}

const NO_TIMES: readonly ParsedTime[] = [];

const touches = (time: ParsedTime, span: Span | undefined): boolean =>
  span !== undefined && time.start < span.end && time.end > span.start;

/** The stretch that plays at a second: the last that has begun. */
function playingAt(times: readonly ParsedTime[], second: number): number {
  return times.findLastIndex(({ seconds }) => seconds <= second + 0.05);
}

function Segments({
  times,
  text,
  current,
  span,
  onSeek,
}: {
  readonly times: readonly ParsedTime[];
  readonly text: string;
  readonly current: number;
  readonly span: Span | undefined;
  readonly onSeek: (seconds: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <ol ref={list} className={styles.segments}>
      {times.map((time, i) => {
        const said = text.slice(time.start, time.end);
        return (
          <li key={time.start}>
            <button
              type="button"
              className={styles.segment}
              aria-current={i === current || undefined}
              data-testid="segment"
              onClick={() => onSeek(time.seconds)}
            >
              <span className={styles.second}>{clockOf(time.seconds)}</span>
              {touches(time, span) ? <mark data-testid="cited-span">{said}</mark> : <span>{said}</span>}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** A recording with what is said in it: what plays is marked, a click plays from there. */
export function RecordingView({ controller, document, span }: RecordingViewProps) {
  const { id, name, times = NO_TIMES } = document;
  const player = useRef<HTMLAudioElement>(null);
  const [second, setSecond] = useState(0);
  const loaded = useLoaded(
    useCallback(async () => {
      const { text } = await controller.text(id, 0);
      return { text, url: URL.createObjectURL(await controller.original(id)) };
    }, [controller, id]),
    useCallback(({ url }: { readonly url: string }) => URL.revokeObjectURL(url), []),
  );
  const cited = useMemo(() => times.find((time) => touches(time, span))?.seconds, [times, span]);
  const isReady = loaded.status === 'ready';
  const seek = useCallback((seconds: number): void => {
    if (player.current) player.current.currentTime = seconds;
    setSecond(seconds);
  }, []);
  useEffect(() => {
    if (isReady && cited !== undefined) seek(cited);
  }, [isReady, cited, seek]);
  if (loaded.status === 'failed') return <ErrorCard error={loaded.error} />;
  if (loaded.status === 'loading') return null;
  const { text, url } = loaded.value;
  return (
    <div className={styles.recording} data-testid="recording">
      {/* biome-ignore lint/a11y/useMediaCaption: its words stand below, each at its second */}
      <audio
        ref={player}
        className={styles.player}
        controls
        src={url}
        aria-label={`Recording ${name}`}
        onTimeUpdate={({ currentTarget }) => setSecond(currentTarget.currentTime)}
      />
      <div className={styles.tools}>
        <TranscribeButton controller={controller} document={document} label="Write down again…" />
      </div>
      <Segments
        times={times}
        text={text}
        current={playingAt(times, second)}
        span={span}
        onSeek={(seconds) => {
          seek(seconds);
          void player.current?.play().catch(() => {}); // the browser may want a click of its own first
        }}
      />
    </div>
  );
}
