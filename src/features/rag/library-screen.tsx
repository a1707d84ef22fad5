import { BookOpen, ChartScatter, FileUp, Gauge, LibraryBig } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PassageSet } from '#core/ports/library-insight.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { FileDrop, FilePicker } from '#ui/file-drop.tsx';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Notice, Notices, TakingIn } from '#ui/notices.tsx';
import screen from '#ui/screen.module.css';
import { Screen } from '#ui/screen.tsx';
import { ACCEPTED_FILES } from './accepted-files.ts';
import { AddFolderButton } from './components/add-folder-button.tsx';
import { CollectionList } from './components/collection-list.tsx';
import { CollectionMap } from './components/collection-map.tsx';
import { DocumentTable } from './components/document-table.tsx';
import { DocumentViewer } from './components/document-viewer.tsx';
import { FolderBar } from './components/folder-bar.tsx';
import { IndexPanel } from './components/index-panel.tsx';
import { IngestBar, Rejections } from './components/ingest-bar.tsx';
import { SearchBox } from './components/search-box.tsx';
import { SearchResults } from './components/search-results.tsx';
import type { Folders } from './folders/create-folders.ts';
import styles from './library.module.css';
import type { LibraryController } from './library-controller.ts';
import type { DocumentTarget, LibraryState } from './library-state.ts';
import { useFolders } from './use-folders.ts';
import { usePasted } from './use-pasted.ts';

export interface LibraryScreenProps {
  readonly controller: LibraryController;
  /** A document to open over the whole screen, from the address. */
  readonly route?: DocumentTarget;
  /** Told when the full view opens or closes, so that the address follows. */
  readonly onRouteChange?: (target: DocumentTarget | undefined) => void;
  /** What else is found by a query, above its passages. */
  readonly beside?: (query: string) => ReactNode;
  /** Opens the place where an embedding model is chosen. */
  readonly onGetEmbedder?: () => void;
  /** Opens a chat about passages that were chosen on the map. */
  readonly onAskWhole?: (documentId: string) => void;
  readonly onAskWithin?: (passages: readonly PassageSet[]) => void;
  /** Opens the place where retrieval is measured. */
  readonly onEvaluate?: () => void;
}

function AddButton({
  controller,
  isPrimary,
}: {
  readonly controller: LibraryController;
  readonly isPrimary?: boolean;
}) {
  return (
    <FilePicker
      label="Documents to add"
      accept={ACCEPTED_FILES}
      onFiles={(files) => void controller.addFiles(files)}
    >
      {(open) => (
        <Button variant={isPrimary ? 'primary' : 'secondary'} icon={<FileUp />} onClick={open}>
          <span className={screen.wideOnly}>Add documents</span>
          <span className={screen.narrowOnly}>Add</span>
        </Button>
      )}
    </FilePicker>
  );
}

function LibraryNotices({
  controller,
  state,
  folders,
  onGetEmbedder,
}: {
  readonly controller: LibraryController;
  readonly state: LibraryState;
  readonly folders: Folders | undefined;
  readonly onGetEmbedder: (() => void) | undefined;
}) {
  const { jobs, documents, isEmbedderMissing, addingCount, addError, rejected, stale } = state;
  const hasWaiting = documents.some(({ status }) => status !== 'ready' && status !== 'failed');
  const isIdle = jobs.every(({ state: now }) => now === 'failed');
  return (
    <Notices>
      <TakingIn count={addingCount} error={addError} onDismiss={controller.dismissAddError} />
      <Rejections files={rejected} controller={controller} />
      {jobs.map((job) => (
        <IngestBar key={job.id} job={job} remainingMs={state.remainingMs} controller={controller} />
      ))}
      {folders ? (
        <FolderBar
          folders={folders}
          collectionIds={
            state.collectionId === null ? state.collections.map(({ id }) => id) : [state.collectionId]
          }
        />
      ) : null}
      {stale && isIdle ? (
        <Notice data-testid="stale">
          <p>
            {stale.documentIds.length === 1
              ? '1 document was indexed with another model or an older version. It still answers.'
              : `${formatNumber(stale.documentIds.length)} documents were indexed with another model or an older version. They still answer.`}
          </p>
          <Button size="small" onClick={() => void controller.readAgain()}>
            Re-index with {stale.embedderLabel}
          </Button>
        </Notice>
      ) : null}
      {hasWaiting && isIdle ? (
        <Notice>
          <p>
            {isEmbedderMissing
              ? 'Your documents are stored. To search them by meaning and to cite them, choose an embedding model.'
              : 'Some documents have not been indexed yet.'}
          </p>
          {isEmbedderMissing ? (
            onGetEmbedder ? (
              <Button size="small" onClick={onGetEmbedder}>
                Choose a model
              </Button>
            ) : null
          ) : (
            <Button size="small" onClick={() => void controller.indexWaiting()}>
              Index them
            </Button>
          )}
        </Notice>
      ) : null}
    </Notices>
  );
}

function Empty({
  controller,
  folders,
  isCollection,
}: {
  readonly folders: Folders | undefined;
  readonly controller: LibraryController;
  readonly isCollection: boolean;
}) {
  return (
    <EmptyState
      icon={<LibraryBig />}
      title={isCollection ? 'Nothing in this collection yet' : 'Ask your own documents'}
      text="Drop files or a whole folder here: PDF, Word, spreadsheets, books, mail, web pages, source code, text, scans and pictures of text, recordings, and ZIP archives of these. They are read and indexed on this device, and answers cite the passage they come from."
      actions={
        <>
          <AddButton controller={controller} isPrimary />
          <AddFolderButton controller={controller} folders={folders} />
          {isCollection ? null : (
            <Button icon={<BookOpen />} onClick={() => void controller.addSamples()}>
              Use the sample library
            </Button>
          )}
        </>
      }
    />
  );
}

/** Collections, documents and their passages. */
export function LibraryScreen(props: LibraryScreenProps) {
  const { controller, route, onRouteChange, onGetEmbedder, onAskWithin, onEvaluate } = props;
  const state = useStore(controller.store);
  const { isLoaded, error, collections, documents, collectionId, target, search, jobs } = state;
  const [isListShown, setListShown] = useState(false);
  const [isMap, setMap] = useState(false);
  const [isIndexOpen, setIndexOpen] = useState(false);
  const [kept, setKept] = useState<DocumentTarget>();
  const full = onRouteChange ? route : (kept ?? route);
  const setFull = onRouteChange ?? setKept;
  const add = (files: readonly File[]): void => void controller.addFiles(files);
  usePasted(add, (file) => void controller.addPasted(file));
  const folders = useFolders(controller);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked up when the screen opens
  useEffect(() => void controller.noteEmbedder(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked up when the documents are there
  useEffect(() => void controller.noteStale(), [isLoaded]);
  const collection = collections.find(({ id }) => id === collectionId);
  const shown = collection
    ? documents.filter(({ collectionIds }) => collectionIds.includes(collection.id))
    : documents;
  const asking = props.onAskWhole ? { onAskWhole: props.onAskWhole } : {};
  const isSearching = search.status !== 'idle';

  if (full)
    return (
      <div className={styles.full}>
        <DocumentViewer {...full} {...asking} controller={controller} onClose={() => setFull(undefined)} />
      </div>
    );
  return (
    <Screen
      listLabel="Collections"
      list={
        <CollectionList
          collections={collections}
          documents={documents}
          currentId={collectionId}
          controller={controller}
          onSelected={() => setListShown(false)}
          onEvaluate={onEvaluate}
        />
      }
      isListShownWhenNarrow={isListShown}
      onListShownWhenNarrowChange={setListShown}
      toolbar={
        <>
          <h1 className={styles.title}>{collection?.name ?? 'Library'}</h1>
          <SearchBox controller={controller} state={state} />
          {shown.length > 0 && onAskWithin ? (
            <IconButton
              label="Map of the passages"
              icon={<ChartScatter />}
              pressed={isMap}
              onClick={() => setMap(!isMap)}
            />
          ) : null}
          {shown.length > 0 ? (
            <IconButton
              label="What the index finds"
              icon={<Gauge />}
              pressed={isIndexOpen}
              onClick={() => setIndexOpen(true)}
            />
          ) : null}
          {shown.length > 0 ? <AddFolderButton controller={controller} folders={folders} isIcon /> : null}
          <AddButton controller={controller} />
        </>
      }
      {...(target
        ? {
            inspectorLabel: 'Document',
            inspectorHasHead: true,
            isInspectorOpen: true,
            onInspectorOpenChange: (open: boolean) => {
              if (!open) controller.close();
            },
            inspector: (
              <DocumentViewer
                {...target}
                {...asking}
                controller={controller}
                onExpand={() => setFull(target)}
                onClose={controller.close}
              />
            ),
          }
        : {})}
    >
      <FileDrop className={styles.work ?? ''} hint="Drop documents to add them" onFiles={add}>
        <LibraryNotices
          controller={controller}
          state={state}
          folders={folders}
          onGetEmbedder={onGetEmbedder}
        />
        {error ? (
          <ErrorCard
            error={error}
            actions={<Button onClick={() => void controller.reload()}>Try again</Button>}
          />
        ) : isSearching ? (
          <div className={screen.scroller}>
            {props.beside?.(search.query)}
            <SearchResults search={search} controller={controller} openStart={target?.span?.start} />
          </div>
        ) : isMap && shown.length > 0 && onAskWithin ? (
          <CollectionMap controller={controller} collectionId={collectionId} onAskWithin={onAskWithin} />
        ) : shown.length > 0 ? (
          <DocumentTable
            documents={shown}
            nearDuplicates={state.nearDuplicates}
            jobs={jobs}
            openId={target?.documentId}
            controller={controller}
            onOpenFull={(documentId) => setFull({ documentId })}
          />
        ) : isLoaded ? (
          <Empty controller={controller} folders={folders} isCollection={collection !== undefined} />
        ) : null}
      </FileDrop>
      {isIndexOpen ? (
        <IndexPanel
          name={collection?.name ?? 'All documents'}
          controller={controller}
          onClose={() => setIndexOpen(false)}
        />
      ) : null}
    </Screen>
  );
}
