import { ImagePlus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ImagePart } from '#core/ports/chat-records.ts';
import type { RejectedFile } from '#core/ports/library.ts';
import { FilePicker } from '#ui/file-drop.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { Sight } from '../sight.ts';
import { QuestionPicture, type ReadPicture } from './picture-thumbnail.tsx';
import styles from './pictures.module.css';

/** Offered first by the dialog; what is chosen is judged by its content. */
const ACCEPTED = 'image/*,.heic,.heif,.avif,.svg';

export interface PictureActions {
  /** What goes with the next question. */
  readonly images: readonly ImagePart[];
  readonly attachingCount: number;
  readonly refused: readonly RejectedFile[];
  readonly sight: Sight;
  /** The model that would answer, where it sees no pictures. */
  readonly modelLabel: string;
  /** How to get one that sees. */
  readonly sightHelp: ReactNode;
  readonly read: ReadPicture;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onRemove: (sha256: string) => void;
  readonly onDismissRefused: () => void;
}

export function AttachButton({ onFiles }: Pick<PictureActions, 'onFiles'>) {
  return (
    <FilePicker label="Pictures to ask about" accept={ACCEPTED} onFiles={onFiles}>
      {(open) => <IconButton label="Attach pictures" icon={<ImagePlus />} onClick={open} />}
    </FilePicker>
  );
}

/** The button goes with its picture: the focus goes to the next one, or to the question. */
function focusBeside(button: HTMLElement): void {
  const item = button.closest('li');
  const beside = (item?.nextElementSibling ?? item?.previousElementSibling)?.querySelector('button');
  const isFine = matchMedia('(pointer: fine)').matches; // a phone would raise its keyboard
  const box = isFine ? button.closest('form')?.querySelector('textarea') : undefined;
  (beside ?? box)?.focus({ preventScroll: true });
}

/** The pictures that wait with a question, and what is in their way. */
export function Attachments(props: PictureActions) {
  const { images, attachingCount, refused, sight, sightHelp, modelLabel, read } = props;
  return (
    <div className={styles.waiting}>
      {images.length > 0 ? (
        <ul className={styles.list} aria-label="Attached pictures">
          {images.map((image) => (
            <li key={image.sha256} className={styles.item}>
              <QuestionPicture image={image} read={read} className={styles.thumb} />
              <span className={styles.name} title={image.name} aria-hidden>
                {image.name}
              </span>
              <IconButton
                label={`Remove ${image.name}`}
                icon={<X />}
                onClick={({ currentTarget }) => {
                  focusBeside(currentTarget);
                  props.onRemove(image.sha256);
                }}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <p className={styles.quiet} role="status">
        {attachingCount === 1
          ? 'A picture is made ready …'
          : attachingCount > 1
            ? `${attachingCount} pictures are made ready …`
            : ''}
      </p>
      {refused.length > 0 ? (
        <div className={styles.refused} role="alert">
          <ul>
            {refused.map(({ name, message }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have the same name
              <li key={`${name} ${i}`}>{message}</li>
            ))}
          </ul>
          <IconButton label="Dismiss" icon={<X />} onClick={props.onDismissRefused} />
        </div>
      ) : null}
      {images.length > 0 && sight === 'blind' ? (
        <div className={styles.blind} role="status">
          <p>
            {modelLabel} does not see pictures. The question waits here until a model that does is loaded.
          </p>
          {sightHelp}
        </div>
      ) : null}
    </div>
  );
}
