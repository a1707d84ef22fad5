import type { FilmMoment, PictureFilter, PictureSearch } from '#core/ports/pictures.ts';
import { isAbort, toAppError, toWire } from '#shared/errors.ts';
import {
  type ImagesDependencies,
  type ImagesState,
  type ImagesStore,
  isEmptyQuery,
  NO_QUERY,
  type PictureQuery,
} from './images-state.ts';
import { readyEmbedder } from './ready-embedder.ts';

/** More than anyone scrolls through; a limit keeps 100,000 hits from crossing to the page at each key. */
const LIMIT = 30_000;
/** More than a screen shows. They come first: to hand over 10,000 takes many times as long as to find them (docs/benchmarks.md). */
const FIRST_HITS = 300;

const hasFilter = (filter: PictureFilter): boolean => Object.keys(filter).length > 0;

/**
 * Searches while one types: one search at a time, and when it ends the newest wish is next. So results follow as fast as
 * the machine can, and none is computed for a word that is gone already.
 */
export function createImagesSearch(deps: ImagesDependencies, store: ImagesStore) {
  const { pictures } = deps;
  let running: Promise<void> | undefined;
  let isWanted = false;
  const life = new AbortController();
  /** What all hits were shown of: asked again, its grid must not shrink to the first ones and grow again. */
  let shown: Pick<ImagesState, 'query' | 'filter'> | undefined;

  async function searchOnce(): Promise<void> {
    const { query, filter, search } = store.getState();
    if (isEmptyQuery(query)) return store.setState({ search: { status: 'idle' } });
    const { error: _, ...before } = search;
    store.setState({ search: { ...before, status: 'searching' } });
    try {
      const { signal } = life;
      const embedder = await readyEmbedder(deps, { signal });
      const words = query.words.trim();
      const { picture, balance } = query;
      const input: PictureSearch = {
        embedder,
        limit: LIMIT,
        ...(words === '' ? {} : { words }),
        ...(picture ? { picture } : {}),
        ...(words !== '' && picture ? { balance } : {}),
        ...(hasFilter(filter) ? { filter } : {}),
      };
      // With a picture most of the time goes into reading it, which nobody should do twice.
      const isQuick = picture === undefined && (shown?.query !== query || shown.filter !== filter);
      let response = await pictures.search(isQuick ? { ...input, limit: FIRST_HITS } : input, { signal });
      if (isEmptyQuery(store.getState().query)) return store.setState({ search: { status: 'idle' } });
      if (isQuick && response.hits.length === FIRST_HITS) {
        store.setState({ search: { status: 'searching', response, answers: query, hasMore: true } });
        if (isWanted) return;
        response = await pictures.search(input, { signal });
        if (isEmptyQuery(store.getState().query)) return store.setState({ search: { status: 'idle' } });
      }
      shown = { query, filter };
      store.setState({ search: { status: isWanted ? 'searching' : 'done', response, answers: query } });
    } catch (error) {
      if (life.signal.aborted || isAbort(error)) return;
      store.setState({ search: { status: 'failed', error: toWire(toAppError(error)) } });
    }
  }

  async function runAll(): Promise<void> {
    while (isWanted) {
      isWanted = false;
      await searchOnce();
    }
  }

  function run(): Promise<void> {
    isWanted = true;
    running ??= runAll().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    run,
    ask(change: Partial<PictureQuery>): Promise<void> {
      const { query } = store.getState();
      store.setState({ query: { ...query, ...change }, view: 'all' });
      return run();
    },
    /** Words only; the picture goes. */
    withoutPicture(): Promise<void> {
      const { picture: _, ...query } = store.getState().query;
      store.setState({ query });
      return run();
    },
    clear(): Promise<void> {
      store.setState({ query: NO_QUERY });
      return run();
    },
    setFilter(filter: PictureFilter): Promise<void> {
      store.setState({ filter });
      return run();
    },
    /** Pictures came or went: what is on screen is asked for again. */
    refresh(): void {
      if (!isEmptyQuery(store.getState().query)) void run();
    },
    /** Where a film matches what is searched for; nothing when nothing is. */
    async moments(imageId: string, signal: AbortSignal): Promise<readonly FilmMoment[]> {
      const { query, search } = store.getState();
      if (isEmptyQuery(query)) return [];
      const { words, picture, balance } = search.answers ?? query;
      const embedder = await readyEmbedder(deps, { signal });
      return pictures.moments(
        {
          imageId,
          embedder,
          words,
          ...(picture ? { picture } : {}),
          ...(words.trim() !== '' && picture ? { balance } : {}),
        },
        { signal },
      );
    },
    /** Cosine similarity of two stored pictures; undefined while one of them is not indexed. */
    async similarity(aId: string, bId: string): Promise<number | undefined> {
      const embedder = await readyEmbedder(deps, { signal: life.signal });
      const { hits } = await pictures.search(
        { embedder, picture: { imageId: aId }, limit: LIMIT },
        { signal: life.signal },
      );
      return hits.find(({ imageId }) => imageId === bId)?.score;
    },
    dispose: (): void => life.abort(),
  };
}
