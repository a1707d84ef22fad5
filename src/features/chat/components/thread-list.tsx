import { FileUp, MoreHorizontal, Pin, SquarePen } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useStore } from 'zustand';
import type { ThreadRecord } from '#core/ports/chat-records.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { FilePicker } from '#ui/file-drop.tsx';
import { formatRelativeTime } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu } from '#ui/menu.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { TextField } from '#ui/text-field.tsx';
import type { ChatController } from '../chat-controller.ts';
import { groupThreads } from '../group-threads.ts';
import styles from './thread-list.module.css';

export interface ThreadListProps {
  readonly controller: ChatController;
  readonly activeId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
  readonly onExport: (id: string, format: 'markdown' | 'json') => void;
  readonly onImport: (file: File) => void;
}

/** More than this many are shown on request: a list of hundreds is searched, not read. */
const PAGE = 100;

export function ThreadList(props: ThreadListProps) {
  const { controller, activeId, onOpen, onImport } = props;
  const { threads, query, hits, isLoaded } = useStore(controller.store);
  const [renaming, setRenaming] = useState<ThreadRecord | undefined>();
  const [shownCount, setShownCount] = useState(PAGE);
  const shown = useDeferredValue(threads.slice(0, shownCount));
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>Chats</h1>
        <FilePicker
          label="Import a chat"
          accept=".json,application/json"
          isMultiple={false}
          onFiles={([file]) => file && onImport(file)}
        >
          {(open) => <IconButton label="Import a chat" icon={<FileUp />} onClick={open} />}
        </FilePicker>
        <IconButton label="New chat" icon={<SquarePen />} onClick={() => onOpen(undefined)} />
      </header>
      <div className={styles.search}>
        <SearchField
          label="Search all chats"
          placeholder="Search all chats"
          value={query}
          onChange={(text) => void controller.search(text)}
        />
      </div>
      <div className={styles.scroll}>
        {hits ? (
          <HitList hits={hits} onOpen={onOpen} />
        ) : (
          groupThreads(shown, Date.now()).map(({ label, items }) => (
            <section key={label} aria-label={label}>
              <h2 className={styles.group}>{label}</h2>
              <ul>
                {items.map((thread) => (
                  <ThreadRow
                    key={thread.id}
                    {...props}
                    thread={thread}
                    isActive={thread.id === activeId}
                    onRename={() => setRenaming(thread)}
                  />
                ))}
              </ul>
            </section>
          ))
        )}
        {isLoaded && threads.length === 0 ? (
          <p className={styles.hint}>Chats you start appear here. They stay in this browser.</p>
        ) : null}
        {!hits && threads.length > shownCount ? (
          <Button size="small" variant="quiet" onClick={() => setShownCount(shownCount + PAGE)}>
            Show {Math.min(PAGE, threads.length - shownCount)} more
          </Button>
        ) : null}
      </div>
      {renaming ? (
        <RenameDialog
          thread={renaming}
          onClose={() => setRenaming(undefined)}
          onRename={(title) => void controller.rename(renaming.id, title)}
        />
      ) : null}
    </>
  );
}

function HitList({
  hits,
  onOpen,
}: {
  readonly hits: readonly { readonly thread: ThreadRecord; readonly snippet: string }[];
  readonly onOpen: (id: string) => void;
}) {
  if (hits.length === 0) return <p className={styles.hint}>No chat has all of these words.</p>;
  return (
    <ul aria-label="Search results">
      {hits.map(({ thread, snippet }) => (
        <li key={thread.id}>
          <button type="button" className={styles.hit} onClick={() => onOpen(thread.id)}>
            <span className={styles.name}>{thread.title}</span>
            <span className={styles.snippet}>{snippet}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface RowProps extends ThreadListProps {
  readonly thread: ThreadRecord;
  readonly isActive: boolean;
  readonly onRename: () => void;
}

function ThreadRow({ controller, thread, isActive, onOpen, onExport, onRename }: RowProps) {
  return (
    <li className={styles.row} data-active={isActive}>
      <button
        type="button"
        className={styles.open}
        title={`${thread.title} · ${formatRelativeTime(thread.updatedAt)}`}
        {...(isActive ? { 'aria-current': 'true' as const } : {})}
        onClick={() => onOpen(thread.id)}
        onDoubleClick={onRename}
      >
        {thread.hasLeftDevice ? (
          <span className={styles.left} title="A server answered in this chat" />
        ) : null}
        <span className={styles.name}>{thread.title}</span>
        {thread.isPinned ? <Pin className={styles.pin} aria-label="Pinned" /> : null}
      </button>
      <Menu
        trigger={
          <IconButton
            label={`Actions for ${thread.title}`}
            icon={<MoreHorizontal />}
            className={styles.more ?? ''}
          />
        }
        items={[
          { id: 'rename', label: 'Rename', onSelect: onRename },
          {
            id: 'pin',
            label: thread.isPinned ? 'Unpin' : 'Pin to the top',
            onSelect: () => void controller.togglePin(thread.id),
          },
          { id: 'md', label: 'Export as Markdown', onSelect: () => onExport(thread.id, 'markdown') },
          { id: 'json', label: 'Export as JSON', onSelect: () => onExport(thread.id, 'json') },
          'separator',
          {
            id: 'delete',
            label: 'Delete',
            danger: true,
            onSelect: () => void controller.removeThread(thread.id),
          },
        ]}
      />
    </li>
  );
}

interface RenameProps {
  readonly thread: ThreadRecord;
  readonly onClose: () => void;
  readonly onRename: (title: string) => void;
}

function RenameDialog({ thread, onClose, onRename }: RenameProps) {
  const [title, setTitle] = useState(thread.title);
  const save = () => {
    onRename(title);
    onClose();
  };
  return (
    <Dialog
      title="Rename chat"
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={save}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Title"
        hideLabel
        value={title}
        autoFocus
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && save()}
      />
    </Dialog>
  );
}
