import { ChevronLeft, ChevronRight, Images, MessageCircleQuestion, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { ImagesController } from '../images-controller.ts';
import type { AskAboutPictures } from '../images-state.ts';
import { baseName } from '../picture-names.ts';
import type { ShownPicture } from '../shown-pictures.ts';
import { OpenPicture } from './open-picture.tsx';
import styles from './picture-preview.module.css';
import { neighboursOf } from './picture-walk.ts';

export interface PicturePreviewProps {
  readonly image: ImageRecord;
  readonly shown: readonly ShownPicture[];
  readonly controller: ImagesController;
  readonly onAsk?: AskAboutPictures | undefined;
}

/** One picture over the whole grid. Space and Escape go back, arrows lead on. */
export function PicturePreview({ image, shown, controller, onAsk }: PicturePreviewProps) {
  const box = useRef<HTMLDivElement>(null);
  const { before, after } = neighboursOf(shown, image.id);
  useEffect(() => box.current?.focus(), []);
  const go = (id: string | undefined): void => {
    if (id !== undefined) controller.preview(id);
  };
  return (
    <div
      ref={box}
      role="dialog"
      aria-label={baseName(image.name)}
      tabIndex={-1}
      className={styles.preview}
      data-testid="picture-preview"
      onKeyDown={(event) => {
        const isButton = (event.target as Element).closest('button') !== null;
        if (event.key === 'Escape' || (event.key === ' ' && !isButton)) controller.closePreview();
        else if (event.key === 'ArrowLeft') go(before);
        else if (event.key === 'ArrowRight') go(after);
        else if (event.key === 'Delete')
          void controller.remove(
            [image.id],
            shown.map((other) => other.image.id),
          );
        else return;
        event.preventDefault();
      }}
    >
      <header className={styles.head}>
        <h2 title={image.name}>{baseName(image.name)}</h2>
        <div className={styles.actions}>
          <Button
            size="small"
            variant="quiet"
            icon={<Images />}
            disabled={image.status !== 'ready'}
            onClick={() => void controller.searchLike(image.id)}
          >
            More like this
          </Button>
          {onAsk && !isFilm(image) ? (
            <Button
              size="small"
              variant="quiet"
              icon={<MessageCircleQuestion />}
              onClick={() => onAsk([image.id])}
            >
              Ask about this picture
            </Button>
          ) : null}
        </div>
        <IconButton
          label="Previous"
          icon={<ChevronLeft />}
          disabled={before === undefined}
          onClick={() => go(before)}
        />
        <IconButton
          label="Next"
          icon={<ChevronRight />}
          disabled={after === undefined}
          onClick={() => go(after)}
        />
        <IconButton label="Back to the pictures" icon={<X />} onClick={controller.closePreview} />
      </header>
      <div className={styles.stage}>
        <OpenPicture image={image} controller={controller} />
      </div>
    </div>
  );
}
