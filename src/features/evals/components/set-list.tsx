import { Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { DatasetRecord } from '#core/ports/eval-records.ts';
import { Button } from '#ui/button.tsx';
import { ConfirmDialog } from '#ui/dialog.tsx';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Select } from '#ui/select.tsx';
import { TextField } from '#ui/text-field.tsx';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import type { EvalsState } from '../evals-state.ts';

interface SetListProps extends Pick<EvalsState, 'sets' | 'collections'> {
  readonly controller: EvalsController;
  readonly disabled: boolean;
}

function NewSet({ controller, collections, disabled }: Omit<SetListProps, 'sets'>) {
  const [name, setName] = useState('');
  const [collectionId, setCollectionId] = useState('');
  const create = (event: FormEvent): void => {
    event.preventDefault();
    void controller.createSet(name, collectionId === '' ? [] : [collectionId]);
    setName('');
  };
  return (
    <form className={styles.newSet} onSubmit={create} aria-label="New question set">
      <TextField
        label="New question set"
        placeholder="My questions"
        maxLength={80}
        value={name}
        disabled={disabled}
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label="Over"
        value={collectionId}
        disabled={disabled}
        options={[
          { value: '', label: 'All documents' },
          ...collections.map(({ id, name: label }) => ({ value: id, label })),
        ]}
        onChange={setCollectionId}
      />
      <Button type="submit" disabled={disabled}>
        Create
      </Button>
    </form>
  );
}

/** The user's own question sets, and a form for a new one. */
export function SetList({ controller, sets, collections, disabled }: SetListProps) {
  const [deleting, setDeleting] = useState<DatasetRecord>();
  return (
    <section className={styles.panel} aria-label="Your question sets">
      <h2>Your question sets</h2>
      {sets.length > 0 ? (
        <ul className={styles.sets}>
          {sets.map((set) => (
            <li key={set.id}>
              <button type="button" disabled={disabled} onClick={() => void controller.openSet(set.id)}>
                {set.name}
                <span className={styles.muted}>
                  {formatNumber(set.questions.length)} {set.questions.length === 1 ? 'question' : 'questions'}
                </span>
              </button>
              <IconButton
                label={`Delete ${set.name}`}
                icon={<Trash2 />}
                disabled={disabled}
                onClick={() => setDeleting(set)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <NewSet controller={controller} collections={collections} disabled={disabled} />
      <ConfirmDialog
        open={deleting !== undefined}
        onOpenChange={(open) => !open && setDeleting(undefined)}
        title={`Delete “${deleting?.name ?? ''}”?`}
        description="Its questions and its results are deleted. Your documents stay."
        confirmLabel="Delete"
        danger
        onConfirm={() => deleting && void controller.removeSet(deleting.id)}
      />
    </section>
  );
}
