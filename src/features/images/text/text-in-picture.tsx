import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { ImagesController } from '../images-controller.ts';
import { unreadIds } from './create-picture-texts.ts';
import { ReadTextButton } from './read-text-button.tsx';
import styles from './text.module.css';

export interface TextInPictureProps {
  readonly image: ImageRecord;
  readonly jobs: readonly JobRecord[];
  readonly controller: ImagesController;
}

function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState<string>();
  const isCopied = copied === text;
  return (
    <IconButton
      label={isCopied ? 'Copied' : 'Copy the text'}
      icon={isCopied ? <Check /> : <Copy />}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
    />
  );
}

/** What was read in the open picture, to be selected and copied; or the offer to read it. */
export function TextInPicture({ image, jobs, controller }: TextInPictureProps) {
  const { id, text, textConfidence, textError } = image;
  if (image.status !== 'ready' || isFilm(image)) return null;
  const isWaiting = text === undefined && unreadIds({ images: [image], jobs }).length === 0;
  return (
    <section className={styles.text} aria-label="Text in it" data-testid="picture-text">
      <header>
        <h3>Text in it</h3>
        {textConfidence === undefined ? null : (
          <span className={styles.quiet}>OCR, {Math.round(textConfidence * 100)} % sure</span>
        )}
        {text ? <CopyButton text={text} /> : null}
      </header>
      {text ? <p className={styles.words}>{text}</p> : null}
      {text === '' ? <p className={styles.quiet}>None was found.</p> : null}
      {textError && !isWaiting ? <ErrorCard error={textError} /> : null}
      {isWaiting ? <p className={styles.quiet}>It will be read.</p> : null}
      {text === undefined && !isWaiting ? <ReadTextButton controller={controller} ids={[id]} /> : null}
    </section>
  );
}
