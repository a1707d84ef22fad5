import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ImagePart } from '#core/ports/chat-records.ts';
import { BareDialog } from '#ui/bare-dialog.tsx';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { QuestionPicture, type ReadPicture } from './picture-thumbnail.tsx';
import styles from './pictures.module.css';

export interface PictureView {
  readonly read: ReadPicture;
  /** Whether it is (still) among the pictures of the user. */
  readonly isKept: (imageId: string) => Promise<boolean>;
  /** Opens it in Pictures. */
  readonly onShow: (imageId: string) => void;
}

/** The pictures of a question that was asked; each opens large. */
export function AskedPictures({
  images,
  view,
}: {
  readonly images: readonly ImagePart[];
  readonly view: PictureView;
}) {
  const [opened, setOpened] = useState<ImagePart>();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <ul className={styles.asked} aria-label="Pictures">
        {images.map((image) => (
          <li key={image.sha256}>
            <button
              type="button"
              className={styles.open}
              onClick={() => {
                setOpened(image);
                setOpen(true);
              }}
            >
              <QuestionPicture image={image} read={view.read} className={styles.small} />
            </button>
          </li>
        ))}
      </ul>
      {opened ? (
        <BareDialog label={opened.name} open={isOpen} onOpenChange={setOpen} className={styles.large ?? ''}>
          <Large image={opened} view={view} onClose={() => setOpen(false)} />
        </BareDialog>
      ) : null}
    </>
  );
}

function Large({
  image,
  view,
  onClose,
}: {
  readonly image: ImagePart;
  readonly view: PictureView;
  readonly onClose: () => void;
}) {
  const { name, imageId } = image;
  const [isKept, setKept] = useState(false);
  useEffect(() => {
    if (imageId === undefined) return;
    let isGone = false;
    view.isKept(imageId).then(
      (kept) => isGone || setKept(kept),
      () => {}, // without the link the picture is seen all the same
    );
    return () => {
      isGone = true;
    };
  }, [view, imageId]);
  return (
    <>
      <header className={styles.largeHead}>
        <h2 title={name}>{name}</h2>
        {imageId !== undefined && isKept ? (
          <Button size="small" variant="quiet" onClick={() => view.onShow(imageId)}>
            Show in Pictures
          </Button>
        ) : null}
        <IconButton label="Close" icon={<X />} onClick={onClose} />
      </header>
      <QuestionPicture image={image} read={view.read} className={styles.largeImage} />
    </>
  );
}
