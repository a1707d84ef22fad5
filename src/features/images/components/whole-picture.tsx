import { Pause, Play } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { Button } from '#ui/button.tsx';
import { useBlobUrl } from '#ui/use-blob-url.ts';
import { momentInWords } from '../film-times.ts';
import type { ImagesController } from '../images-controller.ts';
import { baseName } from '../picture-names.ts';
import styles from './open-picture.module.css';

export interface WholePictureProps {
  readonly image: ImageRecord;
  readonly controller: ImagesController;
  /** Of an animation: it stands still at this moment. */
  readonly seconds?: number | undefined;
}

/** The picture itself, as large as fits; until its bytes are there, and where the browser cannot show them, its thumbnail. */
export function WholePicture({ image, controller, seconds }: WholePictureProps) {
  const { id } = image;
  const small = useBlobUrl(useCallback(() => controller.thumbnail(id), [controller, id]));
  const load = useCallback(
    async () =>
      (seconds === undefined ? undefined : await controller.frame(id, seconds)) ?? controller.original(id),
    [controller, id, seconds],
  );
  const whole = useBlobUrl(load);
  const [failed, setFailed] = useState<string>();
  const url = whole !== undefined && whole !== failed ? whole : small;
  return url ? (
    <img
      src={url}
      alt={baseName(image.name)}
      draggable={false}
      data-testid="open-image"
      data-seconds={seconds}
      onError={() => setFailed(whole)}
    />
  ) : null;
}

export interface MomentBarProps {
  readonly seconds: number;
  readonly isPlaying: boolean;
  readonly onPlay: (isPlaying: boolean) => void;
}

/** Says at which moment of an animation what is searched for is to be seen. */
export function MomentBar({ seconds, isPlaying, onPlay }: MomentBarProps) {
  return (
    <p className={styles.moment} data-testid="animation-moment">
      <span>Matches best at {momentInWords(seconds)}.</span>
      <Button size="small" icon={isPlaying ? <Pause /> : <Play />} onClick={() => onPlay(!isPlaying)}>
        {isPlaying ? 'Show this moment' : 'Play'}
      </Button>
    </p>
  );
}
