import { useCallback } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { classNames } from '#ui/class-names.ts';
import { useBlobUrl } from '#ui/use-blob-url.ts';
import type { ImagesController } from '../images-controller.ts';
import { baseName } from '../picture-names.ts';
import styles from './views.module.css';

/** A small copy that opens the picture. */
export function PictureTile({
  image,
  controller,
  isMarked = false,
}: {
  readonly image: ImageRecord;
  readonly controller: ImagesController;
  readonly isMarked?: boolean;
}) {
  const { id, name } = image;
  const url = useBlobUrl(useCallback(() => controller.thumbnail(id), [controller, id]));
  return (
    <button
      type="button"
      className={classNames(styles.tile, isMarked && styles.marked)}
      aria-label={`Open ${baseName(name)}`}
      onClick={() => controller.open(id)}
    >
      {url ? <img src={url} alt="" draggable={false} /> : null}
    </button>
  );
}
