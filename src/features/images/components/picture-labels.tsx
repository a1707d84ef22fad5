import { useCallback, useState } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { TextArea } from '#ui/text-field.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { ImagesController } from '../images-controller.ts';
import styles from './picture-inspector.module.css';

interface LabelsProps {
  readonly image: ImageRecord;
  readonly labels: readonly string[];
  readonly controller: ImagesController;
}

function EditLabels({
  labels,
  controller,
  onClose,
}: Omit<LabelsProps, 'image'> & { readonly onClose: () => void }) {
  const [text, setText] = useState(labels.join('\n'));
  return (
    <Dialog
      title="Labels"
      description="Each picture is compared with these words, and those that fit best are shown. One a line; an empty list brings back the first ones."
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onClick={() => {
              void controller.setLabels(text);
              onClose();
            }}
          >
            Save
          </Button>
        </>
      }
    >
      <TextArea
        label="Labels, one a line"
        hideLabel
        rows={12}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </Dialog>
  );
}

/** Why a picture is found: the words of the user's list that describe it best, with their shares. */
export function PictureLabels({ image, labels, controller }: LabelsProps) {
  const [isEditing, setEditing] = useState(false);
  const { id } = image;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other labels are another answer
  const load = useCallback(
    (signal: AbortSignal) => controller.bestLabels(id, signal),
    [controller, id, labels],
  );
  const loaded = useLoaded(load);
  return (
    <section className={styles.section} aria-label="What it shows">
      <div className={styles.sectionHead}>
        <h3>What it shows</h3>
        <Button size="small" variant="quiet" onClick={() => setEditing(true)}>
          Edit labels
        </Button>
      </div>
      {loaded.status === 'failed' ? <p className={styles.quiet}>{loaded.error.message}</p> : null}
      <ul className={styles.labels} data-testid="picture-labels" aria-busy={loaded.status === 'loading'}>
        {(loaded.status === 'ready' ? loaded.value : []).map(({ label, score }) => (
          <li key={label}>
            <span>{label}</span>
            <span className={styles.share}>{Math.round(score * 100)} %</span>
            <span className={styles.labelBar} style={{ width: `${Math.max(1, score * 100)}%` }} />
          </li>
        ))}
      </ul>
      {isEditing ? (
        <EditLabels labels={labels} controller={controller} onClose={() => setEditing(false)} />
      ) : null}
    </section>
  );
}
