import { createStore } from 'zustand/vanilla';
import { isFilm } from '#core/ports/image-records.ts';
import type { RejectedFile } from '#core/ports/library.ts';
import type { PictureRegion } from '#core/ports/picture-decoder.ts';
import { createCaptionLessons } from './caption-lessons.ts';
import { createDescriptions } from './captions/create-descriptions.ts';
import { createImagesFeed } from './images-feed.ts';
import { createImagesInsight } from './images-insight.ts';
import { createImagesIntake } from './images-intake.ts';
import { createImagesRemoval } from './images-removal.ts';
import { createImagesSearch } from './images-search.ts';
import {
  type ImagesDependencies,
  type ImagesState,
  type ImagesView,
  initialState,
  isEmptyQuery,
} from './images-state.ts';
import { createGlimpse } from './one-box/create-glimpse.ts';
import { baseName } from './picture-names.ts';
import { createPictureTexts } from './text/create-picture-texts.ts';

export type ImagesController = ReturnType<typeof createImagesController>;

/** Up to this size a file is as good as a thumbnail. */
const SMALL_BYTES = 200_000;

/** Everything the pictures screen can do. Ports in, a store out; knows nothing of React. */
export function createImagesController(deps: ImagesDependencies) {
  const { repositories, jobs, notify } = deps;
  const repository = repositories.images;
  const store = createStore<ImagesState>(() => initialState);
  const intake = createImagesIntake(deps, store);
  const search = createImagesSearch(deps, store);
  const { remove, discard } = createImagesRemoval(deps, store);
  const { disposeInsight, ...insight } = createImagesInsight(deps, store);
  const lessons = createCaptionLessons(deps);
  const feed = createImagesFeed(deps, store, search.refresh);

  return {
    store,
    lessons,
    ...intake,
    ...insight,
    ...createPictureTexts(deps, store),
    descriptions: createDescriptions(deps, store),
    ...createGlimpse(deps, store, search.run),
    remove,
    reload: feed.readAll,

    pauseJob: (id: string): Promise<void> => jobs.pause(id),
    resumeJob: (id: string): Promise<void> => jobs.resume(id),
    stopJob: (id: string): Promise<void> => jobs.cancel(id),
    /** Stops a job that indexes and takes out what it has indexed; the files stay and wait. */
    async discardJob(id: string): Promise<void> {
      const job = jobs.jobs().find((other) => other.id === id);
      await jobs.cancel(id);
      if (job) await discard(job);
    },
    dismissJob: (id: string): Promise<void> => jobs.dismiss(id),
    dismissRejected(file: RejectedFile): void {
      store.setState({ rejected: store.getState().rejected.filter((other) => other !== file) });
    },
    dismissAddError(): void {
      const { addError: _, ...rest } = store.getState();
      store.setState(rest, true);
    },

    setWords: (words: string): Promise<void> => search.ask({ words }),
    setBalance: (balance: number): Promise<void> => search.ask({ balance }),
    /** Searches with a picture that is not kept. */
    searchByFile: (file: File): Promise<void> => search.ask({ picture: { file, name: file.name } }),
    /** "More like this", or like a part of it. */
    searchLike: (imageId: string, region?: PictureRegion): Promise<void> => {
      store.setState({ isPreviewing: false });
      return search.ask({ words: '', picture: { imageId, ...(region ? { region } : {}) } });
    },
    /** Like a part of what an animation shows at a moment. */
    async searchMoment(imageId: string, seconds: number, region: PictureRegion): Promise<void> {
      const name = baseName(store.getState().images.find(({ id }) => id === imageId)?.name ?? 'picture');
      const file = await deps.pictures.frame({ imageId, seconds }).catch(() => undefined);
      // The same part of another frame is something else.
      if (file === undefined)
        return void notify(
          `What “${name}” shows at this moment cannot be read. Search with the whole picture.`,
        );
      store.setState({ isPreviewing: false });
      await search.ask({ words: '', picture: { file, name, region } });
    },
    withoutPicture: search.withoutPicture,
    clearQuery: search.clear,
    searchAgain: search.run,
    setFilter: search.setFilter,
    similarity: search.similarity,
    moments: search.moments,
    focusSearch(): void {
      store.setState({ searchFocusCount: store.getState().searchFocusCount + 1 });
    },

    show(view: ImagesView): void {
      store.setState({ view });
    },
    teach(tag: string): void {
      store.setState({ view: 'learn', learningTag: tag, isPreviewing: false });
    },
    open(openId: string): void {
      store.setState({ openId });
    },
    preview(openId: string): void {
      store.setState({ openId, isPreviewing: true });
    },
    closePreview(): void {
      store.setState({ isPreviewing: false });
    },
    close(): void {
      store.setState({ openId: undefined, isPreviewing: false });
    },
    /** One step: out of the inspector, out of a selection, out of a search. */
    back(): void {
      const { openId, selectedIds, query } = store.getState();
      if (openId !== undefined) store.setState({ openId: undefined, isPreviewing: false });
      else if (selectedIds.size > 0) store.setState({ selectedIds: new Set() });
      else if (!isEmptyQuery(query)) void search.clear();
    },
    toggleSelected(id: string): void {
      const selectedIds = new Set(store.getState().selectedIds);
      if (!selectedIds.delete(id)) selectedIds.add(id);
      store.setState({ selectedIds });
    },
    select(ids: readonly string[]): void {
      store.setState({ selectedIds: new Set(ids) });
    },
    /** Searches find among the selected pictures only, until the filter is taken off. */
    searchWithin(ids: readonly string[]): Promise<void> {
      store.setState({ view: 'all', selectedIds: new Set() });
      return search.setFilter({ ...store.getState().filter, within: [...ids] });
    },
    clearSelection(): void {
      store.setState({ selectedIds: new Set() });
    },

    /** A small copy; of a picture that was not read yet the whole, unless it is too large to be drawn for a cell. */
    async thumbnail(id: string): Promise<Blob | undefined> {
      const small = await repository.blob(`thumbnail:${id}`);
      if (small) return small;
      const image = store.getState().images.find((other) => other.id === id);
      return image && !isFilm(image) && image.sizeBytes <= SMALL_BYTES
        ? repository.blob(`picture:${id}`)
        : undefined;
    },
    /** What an animation shows at a moment. */
    frame: (imageId: string, seconds: number): Promise<Blob | undefined> =>
      deps.pictures.frame({ imageId, seconds }),
    original: (id: string): Promise<Blob | undefined> => repository.blob(`picture:${id}`),

    dispose(): void {
      feed.dispose();
      lessons.dispose();
      search.dispose();
      disposeInsight();
    },
  };
}
