import { ImageIcon, Images } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { FileDrop } from '#ui/file-drop.tsx';
import screen from '#ui/screen.module.css';
import { Screen } from '#ui/screen.tsx';
import { useMedia } from '#ui/use-media.ts';
import { undescribedIds } from './captions/create-descriptions.ts';
import { DescribeButton } from './captions/describe-button.tsx';
import { AddPictureFolderButton, AddPicturesButton } from './components/add-buttons.tsx';
import { Albums } from './components/albums.tsx';
import { Duplicates } from './components/duplicates.tsx';
import { IngestNotices } from './components/ingest-notices.tsx';
import { LazyCaptionLessons } from './components/lazy-caption-lessons.tsx';
import { PictureGrid } from './components/picture-grid.tsx';
import { PictureInspector } from './components/picture-inspector.tsx';
import { PictureMap } from './components/picture-map.tsx';
import { PicturePreview } from './components/picture-preview.tsx';
import { SearchBar } from './components/search-bar.tsx';
import { SelectionBar } from './components/selection-bar.tsx';
import { TeachTag } from './components/teach-tag.tsx';
import { ViewBar } from './components/view-bar.tsx';
import styles from './images.module.css';
import type { ImagesController } from './images-controller.ts';
import { type AskAboutPictures, type ImagesState, isEmptyQuery, type PictureQuery } from './images-state.ts';
import { type ShownPicture, shownPictures } from './shown-pictures.ts';
import { unreadIds } from './text/create-picture-texts.ts';
import { ReadTextButton } from './text/read-text-button.tsx';

export interface ImagesScreenProps {
  readonly controller: ImagesController;
  /** What else is found by these words. */
  readonly beside?: (words: string) => ReactNode;
  readonly onAsk?: AskAboutPictures;
}

function Empty({ controller }: Pick<ImagesScreenProps, 'controller'>) {
  return (
    <EmptyState
      icon={<Images />}
      title="Find a picture by what it shows"
      text="Drop pictures or a whole folder here. They are read on this device and never leave it: then look for them in words, or with another picture."
      actions={
        <>
          <AddPicturesButton controller={controller} isPrimary />
          <AddPictureFolderButton controller={controller} />
          <Button
            icon={<ImageIcon />}
            title="Twelve drawings of Noto Color Emoji (Google, SIL Open Font License 1.1)"
            onClick={() => void controller.addSamples()}
          >
            Use the sample pictures
          </Button>
        </>
      }
    />
  );
}

interface ShownProps extends Pick<ImagesScreenProps, 'controller' | 'onAsk'> {
  readonly state: ImagesState;
  readonly shown: readonly ShownPicture[];
}

const pictureOf = (query: PictureQuery | undefined): string | undefined =>
  query?.picture && ('file' in query.picture ? query.picture.name : query.picture.imageId);

/** What can be done with the selected pictures, in each view that can select. */
function Selected({ controller, state, shown, onAsk }: ShownProps) {
  const { selectedIds } = state;
  if (selectedIds.size === 0) return null;
  const shownIds = shown.map(({ image }) => image.id);
  return <SelectionBar selectedIds={selectedIds} shownIds={shownIds} controller={controller} onAsk={onAsk} />;
}

function AllPictures(props: ShownProps) {
  const { controller, state, shown } = props;
  const { search, query, filter } = state;
  if (search.status === 'failed' && search.error)
    return (
      <div className={styles.message}>
        <ErrorCard
          error={search.error}
          actions={<Button onClick={() => void controller.searchAgain()}>Search again</Button>}
        />
      </div>
    );
  if (shown.length === 0)
    return (
      <p className={styles.message}>
        {isEmptyQuery(query) ? 'No picture passes this filter.' : 'No picture is found.'}
      </p>
    );
  const answers = isEmptyQuery(query) ? query : search.answers;
  return (
    <div
      className={styles.work}
      data-testid="pictures"
      data-query={answers?.words}
      data-query-picture={pictureOf(answers)}
      data-search={search.status}
    >
      <PictureGrid
        controller={controller}
        pictures={shown}
        openId={state.openId}
        selectedIds={state.selectedIds}
        isPreviewing={state.isPreviewing}
        viewKey={`${JSON.stringify(filter)} ${answers?.words} ${JSON.stringify(answers?.picture)}`}
      />
      <Selected {...props} />
    </div>
  );
}

function View(props: ShownProps) {
  const { controller, state } = props;
  switch (state.view) {
    case 'albums':
      return <Albums state={state} controller={controller} />;
    case 'map':
      return (
        <div className={styles.work}>
          <PictureMap state={state} controller={controller} />
          <Selected {...props} />
        </div>
      );
    case 'duplicates':
      return <Duplicates state={state} controller={controller} />;
    case 'captions':
      return <LazyCaptionLessons lessons={controller.lessons} images={state.images} />;
    case 'learn':
      return state.learningTag === undefined ? null : (
        <TeachTag key={state.learningTag} tag={state.learningTag} state={state} controller={controller} />
      );
    case 'all':
      return <AllPictures {...props} />;
  }
}

/** '/' puts the cursor into the search box, as in the other lists. */
function useSlash(controller: ImagesController): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      controller.focusSearch();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [controller]);
}

/** A picture from the clipboard is added wherever the focus is; in the search box it is searched with. */
function usePastedPictures(controller: ImagesController): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (event.defaultPrevented || files.length === 0) return; // the box or the drop zone has taken it
      event.preventDefault();
      void controller.addFiles(files);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [controller]);
}

/** Pictures, what is known of them, and the box that finds them. */
export function ImagesScreen({ controller, beside, onAsk }: ImagesScreenProps) {
  const state = useStore(controller.store);
  const { isLoaded, error, images, query, filter, search } = state;
  const shown = useMemo(
    () => shownPictures({ images, query, filter, search }),
    [images, query, filter, search],
  );
  const undescribed = useMemo(() => undescribedIds({ images, jobs: state.jobs }), [images, state.jobs]);
  const unread = useMemo(() => unreadIds({ images, jobs: state.jobs }), [images, state.jobs]);
  const isForSearch = useRef(false);
  const isTight = useMedia('(max-width: 1023px)');
  useSlash(controller);
  usePastedPictures(controller);
  const opened = images.find(({ id }) => id === state.openId);
  const hasJobs = state.jobs.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked up when the pictures are there and no job works on them
  useEffect(() => void controller.noteStale(), [isLoaded, hasJobs]);
  const add = (files: readonly File[]): void => {
    // The search box has taken them.
    if (!isForSearch.current) void controller.addFiles(files);
    isForSearch.current = false;
  };
  return (
    <FileDrop className={styles.zone ?? ''} hint="Drop pictures to add them" onFiles={add}>
      <Screen
        toolbar={
          <>
            <h1 className={styles.title}>Pictures</h1>
            <SearchBar
              controller={controller}
              state={state}
              onDropHere={() => {
                isForSearch.current = true;
              }}
            />
            {images.length > 0 ? (
              <span className={screen.wideOnly}>
                <AddPictureFolderButton controller={controller} isIcon />
              </span>
            ) : null}
            {undescribed.length > 0 ? (
              <span className={screen.wideOnly}>
                <DescribeButton controller={controller} ids={undescribed} isIcon />
              </span>
            ) : null}
            {unread.length > 0 ? <ReadTextButton controller={controller} ids={unread} isIcon /> : null}
            <AddPicturesButton controller={controller} />
          </>
        }
        {...(opened
          ? {
              inspectorLabel: 'Picture',
              inspectorHasHead: true,
              isInspectorOpen: !(state.isPreviewing && isTight),
              onInspectorOpenChange: (open: boolean) => {
                if (!open && !state.isPreviewing) controller.close();
              },
              inspector: (
                <PictureInspector
                  image={opened}
                  shown={shown}
                  state={state}
                  controller={controller}
                  onAsk={onAsk}
                />
              ),
            }
          : {})}
      >
        <IngestNotices controller={controller} state={state} />
        {error ? (
          <div className={styles.message}>
            <ErrorCard
              error={error}
              actions={<Button onClick={() => void controller.reload()}>Try again</Button>}
            />
          </div>
        ) : images.length > 0 ? (
          <>
            <ViewBar
              controller={controller}
              state={state}
              shownCount={shown.length}
              beside={beside?.(query.words)}
            />
            <div className={styles.work}>
              <View controller={controller} state={state} shown={shown} {...(onAsk ? { onAsk } : {})} />
              {opened && state.isPreviewing ? (
                <PicturePreview image={opened} shown={shown} controller={controller} onAsk={onAsk} />
              ) : null}
            </div>
          </>
        ) : isLoaded ? (
          <Empty controller={controller} />
        ) : null}
      </Screen>
    </FileDrop>
  );
}
