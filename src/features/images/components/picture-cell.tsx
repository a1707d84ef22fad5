import { Check, ImageOff } from 'lucide-react';
import { memo, useCallback, useState } from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { PictureWordMatch } from '#core/ports/pictures.ts';
import { useBlobUrl } from '#ui/use-blob-url.ts';
import { momentInWords, timeInWords } from '../film-times.ts';
import type { ImagesController } from '../images-controller.ts';
import { baseName } from '../picture-names.ts';
import styles from './picture-grid.module.css';

export interface PictureCellProps {
  readonly image: ImageRecord;
  readonly score: number | undefined;
  /** Of a film or animation that is found: when it matches best. */
  readonly seconds: number | undefined;
  readonly words: PictureWordMatch | undefined;
  readonly controller: ImagesController;
  readonly elementId: string;
  readonly place: number;
  readonly count: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
}

/** '0.31'; similarities are between -1 and 1. */
export const scoreText = (score: number): string => score.toFixed(2);

/** '0:12'; of a film that is found also where, '0:04 of 0:12'; of an animation only that. */
function lengthInWords({ image, seconds }: SaidPicture): string | undefined {
  if (image.durationSeconds === undefined)
    return seconds === undefined ? undefined : `at ${momentInWords(seconds)}`;
  const length = timeInWords(image.durationSeconds);
  return seconds === undefined ? length : `${timeInWords(seconds)} of ${length}`;
}

/** 'text: …Invoice no. 2024…' */
export const wordsInWords = ({ source, excerpt }: PictureWordMatch): string => `${source}: ${excerpt}`;

/** What is said of it, as far as it is known. */
interface SaidPicture {
  readonly image: ImageRecord;
  readonly score?: number | undefined;
  readonly seconds?: number | undefined;
  readonly words?: PictureWordMatch | undefined;
}

/** What a picture is called aloud: its name, how similar it is, and where the words stand. */
export function nameOf(said: SaidPicture): string {
  const { image, score, words } = said;
  const length = lengthInWords(said);
  const kind = isFilm(image) ? 'film' : 'animation';
  const name = `${baseName(image.name)}${length === undefined ? '' : `, ${kind}, ${length}`}`;
  if (image.status === 'queued') return `${name}, not yet indexed`;
  return score === undefined
    ? name
    : `${name}, similarity ${scoreText(score)}${words ? `, ${wordsInWords(words)}` : ''}`;
}

/** One picture of the grid. Its thumbnail is read when it comes into view and given back when it leaves. */
export const PictureCell = memo(function PictureCell(props: PictureCellProps) {
  const { image, score, words, controller, left, top, width, height } = props;
  const { id, status } = image;
  const seconds = image.isAnimated ? props.seconds : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a picture that became ready has a thumbnail now
  const load = useCallback(
    async () => (seconds ? await controller.frame(id, seconds) : undefined) ?? controller.thumbnail(id),
    [controller, id, status, seconds],
  );
  const url = useBlobUrl(load);
  // One that is not yet read shows its original, which may be broken.
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const length = lengthInWords(props);
  return (
    <div
      id={props.elementId}
      role="option"
      aria-label={nameOf(props)}
      aria-selected={props.isSelected}
      aria-setsize={props.count}
      aria-posinset={props.place + 1}
      tabIndex={-1}
      className={styles.cell}
      style={{ transform: `translate(${left}px, ${top}px)`, width, height }}
      data-testid="picture"
      data-image-id={id}
      data-name={image.name}
      data-place={props.place}
      data-status={status}
      data-score={score}
      data-active={props.isActive || undefined}
      data-open={props.isOpen || undefined}
    >
      {url && url !== brokenUrl ? (
        <img src={url} alt="" draggable={false} className={styles.image} onError={() => setBrokenUrl(url)} />
      ) : (
        <span className={styles.placeholder}>
          {status === 'queued' ? baseName(image.name) : <ImageOff />}
        </span>
      )}
      {length === undefined ? null : (
        <span className={styles.duration} data-length={length} aria-hidden="true" />
      )}
      {words ? <span className={styles.words}>{wordsInWords(words)}</span> : null}
      {score === undefined ? null : <span className={styles.score}>{scoreText(score)}</span>}
      {props.isSelected ? (
        <span className={styles.check}>
          <Check />
        </span>
      ) : null}
    </div>
  );
});
