import { FolderSync, X } from 'lucide-react';
import { useStore } from 'zustand';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber, formatRelativeTime } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Notice } from '#ui/notices.tsx';
import type { Folders } from '../folders/create-folders.ts';
import type { FolderView } from '../folders/folder-state.ts';
import styles from '../library.module.css';
import { FolderChanges } from './folder-changes.tsx';

const DOING = { looking: 'Looking…', applying: 'Taking in…' } as const;

function FolderRow({ folder, folders }: { readonly folder: FolderView; readonly folders: Folders }) {
  const { id, name, fileCount, lookedAt, status, error } = folder;
  const isBusy = status === 'looking' || status === 'applying';
  const count = `${formatNumber(fileCount)} ${fileCount === 1 ? 'file' : 'files'}`;
  return (
    <>
      <Notice data-testid="folder" data-status={status}>
        <p>
          {status === 'asking'
            ? `The browser asks again before “${name}” may be read.`
            : `Folder “${name}” · ${isBusy ? DOING[status] : `${count} · looked at ${formatRelativeTime(lookedAt)}`}`}
        </p>
        <div className={styles.folderActions}>
          {status === 'asking' ? (
            <Button size="small" onClick={() => void folders.allow(id)}>
              Allow reading
            </Button>
          ) : (
            <Button
              size="small"
              icon={<FolderSync />}
              disabled={isBusy}
              onClick={() => void folders.look(id)}
            >
              Look again
            </Button>
          )}
          <IconButton
            label={`Forget the folder ${name}`}
            icon={<X />}
            disabled={status === 'applying'}
            onClick={() => void folders.forget(id)}
          />
        </div>
      </Notice>
      {error ? <ErrorCard error={error} /> : null}
    </>
  );
}

/** The folders that belong to what is shown, and what was found in one of them. */
export function FolderBar({
  folders,
  collectionIds,
}: {
  readonly folders: Folders;
  /** The open collection, or all. */
  readonly collectionIds: readonly string[];
}) {
  const { folders: all, reviews, error } = useStore(folders.store);
  const [review] = reviews;
  return (
    <>
      {error ? (
        <ErrorCard
          error={error}
          actions={
            <Button size="small" onClick={folders.dismissError}>
              Dismiss
            </Button>
          }
        />
      ) : null}
      {all
        .filter(({ collectionId }) => collectionIds.includes(collectionId))
        .map((folder) => (
          <FolderRow key={folder.id} folder={folder} folders={folders} />
        ))}
      {review ? (
        <FolderChanges key={`${review.folderId} ${review.foundAt}`} review={review} folders={folders} />
      ) : null}
    </>
  );
}
