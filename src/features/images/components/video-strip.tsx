import type { KeyboardEvent } from 'react';
import { type FilmPart, partAt, timeInWords } from '../film-times.ts';
import { scoreText } from './picture-cell.tsx';
import styles from './video-player.module.css';

export interface VideoStripProps {
  readonly parts: readonly FilmPart[];
  readonly durationSeconds: number;
  /** Where the film is. */
  readonly seconds: number;
  readonly onSeek: (seconds: number) => void;
}

const HEIGHT = 100;

function partInWords({ from, score }: FilmPart): string {
  return score === undefined ? timeInWords(from) : `${timeInWords(from)}, similarity ${scoreText(score)}`;
}

/** Which part a key leads to; undefined for keys that do not. */
function partOfKey(key: string, at: number, parts: readonly FilmPart[]): number | undefined {
  const last = parts.length - 1;
  const isBest = ({ height }: FilmPart): boolean => height === 1;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(last, at + 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Enter':
      return Math.max(0, parts.findIndex(isBest));
    default:
      return undefined;
  }
}

/** The film from left to right, each part as high as it matches. A click or the arrow keys lead there, Enter to the best. */
export function VideoStrip({ parts, durationSeconds, seconds, onSeek }: VideoStripProps) {
  const at = partAt(parts, seconds);
  const current = parts[at];
  if (current === undefined) return null;
  const onKeyDown = (event: KeyboardEvent): void => {
    const part = partOfKey(event.key, at, parts);
    if (part === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(parts[part]?.from ?? 0);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Where the film matches"
      aria-valuemin={0}
      aria-valuemax={Math.round(durationSeconds)}
      aria-valuenow={Math.round(seconds)}
      aria-valuetext={partInWords(current)}
      className={styles.strip}
      data-testid="film-strip"
      onKeyDown={onKeyDown}
      onClick={({ currentTarget, clientX }) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        const clicked = ((clientX - left) / Math.max(1, width)) * durationSeconds;
        onSeek(parts[partAt(parts, clicked)]?.from ?? 0);
      }}
    >
      <svg viewBox={`0 0 ${durationSeconds} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part, i) => (
          <rect
            key={part.from}
            x={part.from}
            y={HEIGHT * (1 - part.height)}
            width={Math.max(0, part.to - part.from)}
            height={HEIGHT * part.height}
            data-testid="film-part"
            data-seconds={part.from}
            data-score={part.score}
            data-current={i === at || undefined}
          >
            <title>{partInWords(part)}</title>
          </rect>
        ))}
      </svg>
      <span
        className={styles.head}
        style={{ left: `${Math.min(100, (seconds / durationSeconds) * 100)}%` }}
        aria-hidden="true"
      />
    </div>
  );
}
