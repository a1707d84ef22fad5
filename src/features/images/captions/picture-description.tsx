import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { TextArea } from '#ui/text-field.tsx';
import type { ImagesController } from '../images-controller.ts';
import { undescribedIds } from './create-descriptions.ts';
import { DescribeButton } from './describe-button.tsx';
import styles from './descriptions.module.css';

export interface PictureDescriptionProps {
  readonly image: ImageRecord;
  readonly jobs: readonly JobRecord[];
  readonly controller: ImagesController;
}

function EditForm({
  words,
  onSave,
  onCancel,
}: {
  readonly words: string;
  readonly onSave: (words: string) => void;
  readonly onCancel: () => void;
}) {
  const [text, setText] = useState(words);
  return (
    <div className={styles.edit}>
      <TextArea
        label="Edit the description"
        hideLabel
        autoFocus
        rows={4}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onCancel();
        }}
      />
      <div className={styles.actions}>
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" variant="primary" onClick={() => onSave(text)}>
          Save
        </Button>
      </div>
    </div>
  );
}

/** What a model wrote about the open picture, as the model's words; or the offer to have it described. */
export function PictureDescription({ image, jobs, controller }: PictureDescriptionProps) {
  const { id, generatedCaption, generatedCaptionError } = image;
  const [editedId, setEditedId] = useState<string>();
  if (image.status !== 'ready' || isFilm(image)) return null;
  const isWaiting = !generatedCaption && undescribedIds({ images: [image], jobs }).length === 0;
  const { descriptions } = controller;
  return (
    <section className={styles.description} aria-label="Description" data-testid="picture-description">
      <header>
        <h3>Description</h3>
        <span className={styles.by}>
          {generatedCaption
            ? `by ${generatedCaption.modelLabel}${generatedCaption.isEdited ? ', edited by you' : ''}`
            : ''}
        </span>
        {generatedCaption && editedId !== id ? (
          <>
            <IconButton label="Edit the description" icon={<Pencil />} onClick={() => setEditedId(id)} />
            <IconButton
              label="Remove the description"
              icon={<Trash2 />}
              onClick={() => void descriptions.remove(id)}
            />
          </>
        ) : null}
      </header>
      {generatedCaption && editedId === id ? (
        <EditForm
          key={id}
          words={generatedCaption.text}
          onCancel={() => setEditedId(undefined)}
          onSave={(words) => {
            setEditedId(undefined);
            void descriptions.edit(id, words);
          }}
        />
      ) : generatedCaption ? (
        <p className={styles.words}>{generatedCaption.text}</p>
      ) : null}
      {generatedCaptionError && !isWaiting ? <ErrorCard error={generatedCaptionError} /> : null}
      {isWaiting ? <p className={styles.quiet}>It will be described.</p> : null}
      {!generatedCaption && !isWaiting ? <DescribeButton controller={controller} ids={[id]} /> : null}
    </section>
  );
}
