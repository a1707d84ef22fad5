import { Ellipsis, Files, FlaskConical, Folder, FolderPlus, Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { CollectionRecord, DocumentRecord } from '#core/ports/library-records.ts';
import { Button } from '#ui/button.tsx';
import { ConfirmDialog, Dialog } from '#ui/dialog.tsx';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu } from '#ui/menu.tsx';
import { TextField } from '#ui/text-field.tsx';
import styles from '../library.module.css';
import type { LibraryController } from '../library-controller.ts';

type Editing = { readonly kind: 'new' } | { readonly kind: 'rename'; readonly collection: CollectionRecord };

function NameDialog({
  editing,
  onClose,
  controller,
}: {
  readonly editing: Editing;
  readonly onClose: () => void;
  readonly controller: LibraryController;
}) {
  const [name, setName] = useState(editing.kind === 'rename' ? editing.collection.name : '');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    if (editing.kind === 'new') void controller.createCollection(name);
    else void controller.renameCollection(editing.collection.id, name);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={editing.kind === 'new' ? 'New collection' : 'Rename collection'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="collection-name" disabled={name.trim() === ''}>
            {editing.kind === 'new' ? 'Create' : 'Rename'}
          </Button>
        </>
      }
    >
      <form id="collection-name" onSubmit={save}>
        <TextField
          label="Name"
          value={name}
          maxLength={80}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
}

function Entry({
  label,
  count,
  isCurrent,
  onSelect,
  menu,
  isAll = false,
}: {
  readonly label: string;
  readonly count: number;
  readonly isCurrent: boolean;
  readonly onSelect: () => void;
  readonly menu?: React.ReactNode;
  readonly isAll?: boolean;
}) {
  return (
    <li className={styles.entry} data-current={isCurrent || undefined}>
      <button
        type="button"
        className={styles.entryButton}
        onClick={onSelect}
        {...(isCurrent ? { 'aria-current': 'true' as const } : {})}
      >
        {isAll ? <Files aria-hidden /> : <Folder aria-hidden />}
        <span className={styles.entryName}>{label}</span>
        <span className={styles.entryCount}>{formatNumber(count)}</span>
      </button>
      {menu}
    </li>
  );
}

/** The collections, with how many documents each holds. */
export function CollectionList({
  collections,
  documents,
  currentId,
  controller,
  onSelected,
  onEvaluate,
}: {
  readonly collections: readonly CollectionRecord[];
  readonly documents: readonly DocumentRecord[];
  readonly currentId: string | null;
  readonly controller: LibraryController;
  readonly onSelected: () => void;
  readonly onEvaluate: (() => void) | undefined;
}) {
  const [editing, setEditing] = useState<Editing | undefined>();
  const [deleting, setDeleting] = useState<CollectionRecord | undefined>();
  const countIn = (id: string): number =>
    documents.filter(({ collectionIds }) => collectionIds.includes(id)).length;
  const select = (id: string | null): void => {
    controller.selectCollection(id);
    onSelected();
  };
  const remove = (collection: CollectionRecord): void => {
    if (countIn(collection.id) === 0) void controller.removeCollection(collection.id);
    else setDeleting(collection);
  };
  const menuOf = (collection: CollectionRecord) => (
    <Menu
      trigger={<IconButton label={`Actions for ${collection.name}`} icon={<Ellipsis />} />}
      items={[
        {
          id: 'rename',
          label: 'Rename',
          icon: <Pencil />,
          onSelect: () => setEditing({ kind: 'rename', collection }),
        },
        { id: 'delete', label: 'Delete', icon: <Trash2 />, danger: true, onSelect: () => remove(collection) },
      ]}
    />
  );
  return (
    <>
      <header className={styles.listHead}>
        <h2>Collections</h2>
        {onEvaluate ? (
          <IconButton label="Evaluate retrieval" icon={<FlaskConical />} onClick={onEvaluate} />
        ) : null}
        <IconButton
          label="New collection"
          icon={<FolderPlus />}
          onClick={() => setEditing({ kind: 'new' })}
        />
      </header>
      <ul className={styles.entries}>
        <Entry
          label="All documents"
          count={documents.length}
          isCurrent={currentId === null}
          onSelect={() => select(null)}
          isAll
        />
        {collections.map((collection) => (
          <Entry
            key={collection.id}
            label={collection.name}
            count={countIn(collection.id)}
            isCurrent={collection.id === currentId}
            onSelect={() => select(collection.id)}
            menu={menuOf(collection)}
          />
        ))}
      </ul>
      {editing ? (
        <NameDialog editing={editing} controller={controller} onClose={() => setEditing(undefined)} />
      ) : null}
      <ConfirmDialog
        open={deleting !== undefined}
        onOpenChange={(open) => !open && setDeleting(undefined)}
        title={`Delete “${deleting?.name ?? ''}”?`}
        description="Documents that are in no other collection are deleted with it. You can undo this for a few seconds."
        confirmLabel="Delete"
        danger
        onConfirm={() => deleting && void controller.removeCollection(deleting.id)}
      />
    </>
  );
}
