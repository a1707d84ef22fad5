import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { useBlobUrl } from '#ui/use-blob-url.ts';
import { useLoaded } from '#ui/use-loaded.ts';
import { filmParts, timeInWords } from '../film-times.ts';
import type { ImagesController } from '../images-controller.ts';
import { baseName } from '../picture-names.ts';
import { useHit } from './use-hit.ts';
import styles from './video-player.module.css';
import { VideoStrip } from './video-strip.tsx';

export interface VideoPlayerProps {
  readonly image: ImageRecord;
  readonly controller: ImagesController;
}

/** Just behind the moment: a frame begins at it, and a player may round down. */
const INTO_FRAME_SECONDS = 0.02;

/** Keys that play and seek are the film's, not the grid's behind it. */
function keepKeys(event: KeyboardEvent): void {
  if (/^(?:Arrow|Home$|End$| $|Enter$)/.test(event.key)) event.stopPropagation();
}

/** A film at the second that is searched for; below it, where else it matches. */
export function VideoPlayer({ image, controller }: VideoPlayerProps) {
  const { id, durationSeconds = 0, moments } = image;
  const video = useRef<HTMLVideoElement>(null);
  const url = useBlobUrl(useCallback(() => controller.original(id), [controller, id]));
  const poster = useBlobUrl(useCallback(() => controller.thumbnail(id), [controller, id]));
  const answers = useStore(controller.store, ({ search }) => search.answers);
  const found = useLoaded(
    // biome-ignore lint/correctness/useExhaustiveDependencies: another search has other moments
    useCallback((signal: AbortSignal) => controller.moments(id, signal), [controller, id, answers]),
  );
  const hit = useHit(controller, id);
  const [seconds, setSeconds] = useState(hit ?? 0);
  const [failedUrl, setFailedUrl] = useState<string>();
  const parts = useMemo(
    () =>
      filmParts(
        (moments ?? []).map((milliseconds) => milliseconds / 1000),
        durationSeconds,
        found.status === 'ready' ? found.value : [],
      ),
    [moments, durationSeconds, found],
  );
  const seek = useCallback((to: number) => {
    setSeconds(to);
    if (video.current) video.current.currentTime = to + INTO_FRAME_SECONDS;
  }, []);
  useEffect(() => {
    if (hit !== undefined) seek(hit);
  }, [seek, hit]);
  const isPlayable = url !== undefined && url !== failedUrl;
  return (
    <div
      className={styles.player}
      data-testid="open-film"
      data-seconds={seconds}
      onKeyDown={keepKeys}
      role="group"
    >
      {isPlayable ? (
        <video
          ref={video}
          src={url}
          controls
          playsInline
          preload="auto"
          aria-label={baseName(image.name)}
          data-testid="film"
          {...(poster ? { poster } : {})}
          onLoadedMetadata={() => seek(seconds)}
          onTimeUpdate={({ currentTarget }) => setSeconds(currentTarget.currentTime)}
          onError={() => setFailedUrl(url)}
        />
      ) : (
        <img src={poster} alt={baseName(image.name)} />
      )}
      <VideoStrip parts={parts} durationSeconds={durationSeconds} seconds={seconds} onSeek={seek} />
      {failedUrl !== undefined && failedUrl === url ? (
        <p className={styles.note}>This browser cannot play the film. Download it and play it elsewhere.</p>
      ) : hit === undefined ? null : (
        <p className={styles.note}>
          Matches best at <strong>{timeInWords(hit)}</strong>.
        </p>
      )}
    </div>
  );
}
