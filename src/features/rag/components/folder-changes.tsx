import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { formatBytes, formatNumber } from '#ui/format.ts';
import type { Folders } from '../folders/create-folders.ts';
import type { FolderReview } from '../folders/folder-state.ts';
import type { FolderChange } from '../folders/scan-folder.ts';
import styles from '../library.module.css';

const KINDS = [
  { kind: 'added', title: 'Added', does: 'are taken in' },
  { kind: 'changed', title: 'Changed', does: 'are read again' },
  { kind: 'removed', title: 'Removed', does: 'leave the collection' },
] as const;
/** Of each kind; the rest goes along with its group. */
const SHOWN = 500;

const keyOf = ({ kind, path }: FolderChange): string => `${kind} ${path}`;

interface GroupProps {
  readonly changes: readonly FolderChange[];
  readonly chosen: ReadonlySet<string>;
  readonly title: string;
  readonly does: string;
  readonly onChoose: (changes: readonly FolderChange[], isChosen: boolean) => void;
}

function Group({ changes, chosen, title, does, onChoose }: GroupProps) {
  const count = changes.filter((change) => chosen.has(keyOf(change))).length;
  return (
    <fieldset className={styles.changes}>
      <label>
        <input
          type="checkbox"
          checked={count === changes.length}
          onChange={(event) => onChoose(changes, event.target.checked)}
        />
        <strong>
          {title} ({formatNumber(changes.length)})
        </strong>
        <span className={styles.quiet}>
          {formatNumber(count)} {does}
        </span>
      </label>
      <ul>
        {changes.slice(0, SHOWN).map((change) => (
          <li key={change.path}>
            <label>
              <input
                type="checkbox"
                checked={chosen.has(keyOf(change))}
                onChange={(event) => onChoose([change], event.target.checked)}
              />
              <span className={styles.changePath}>{change.path}</span>
              <span className={styles.quiet}>{formatBytes(change.sizeBytes)}</span>
            </label>
          </li>
        ))}
      </ul>
      {changes.length > SHOWN ? (
        <p className={styles.quiet}>and {formatNumber(changes.length - SHOWN)} more</p>
      ) : null}
    </fieldset>
  );
}

/** What has changed in a folder, to be chosen from before anything happens. */
export function FolderChanges({
  review,
  folders,
}: {
  readonly review: FolderReview;
  readonly folders: Folders;
}) {
  const { changes, isEmpty, unreadableCount, name } = review;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(isEmpty ? [] : changes.map(keyOf)));
  const choose = (some: readonly FolderChange[], isChosen: boolean): void => {
    const next = new Set(chosen);
    for (const change of some) isChosen ? next.add(keyOf(change)) : next.delete(keyOf(change));
    setChosen(next);
  };
  const wanted = changes.filter((change) => chosen.has(keyOf(change)));
  return (
    <Dialog
      open
      isWide
      onOpenChange={(open) => !open && folders.leave()}
      title={`What has changed in “${name}”`}
      description={
        isEmpty
          ? 'Nothing is in the folder any more. If it is on a drive that is not connected, leave all as it is.'
          : 'Nothing happens before you apply it, and it can be undone for a few seconds.'
      }
      footer={
        <>
          <Button onClick={folders.leave}>Leave as it is</Button>
          <Button variant="primary" disabled={wanted.length === 0} onClick={() => void folders.apply(wanted)}>
            Apply {formatNumber(wanted.length)}
          </Button>
        </>
      }
    >
      {KINDS.map(({ kind, ...words }) => {
        const some = changes.filter((change) => change.kind === kind);
        return some.length > 0 ? (
          <Group key={kind} {...words} changes={some} chosen={chosen} onChoose={choose} />
        ) : null;
      })}
      {unreadableCount > 0 ? (
        <p className={styles.quiet}>
          {unreadableCount === 1
            ? '1 file is locked by another program and stays as it is.'
            : `${formatNumber(unreadableCount)} files are locked by another program and stay as they are.`}
        </p>
      ) : null}
    </Dialog>
  );
}
