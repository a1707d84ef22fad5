import { isAbort, toAppError, toWire } from '#shared/errors.ts';
import type { LibraryDependencies, LibraryStore, SearchMode } from './library-state.ts';

const LIMIT = 20;

/** One search at a time: a new one ends the one before, whose passages stay on screen until the new ones are there. */
export function createLibrarySearch(
  { library, embedder: chooseEmbedder }: LibraryDependencies,
  store: LibraryStore,
) {
  let running: AbortController | undefined;

  async function run(query: string, mode: SearchMode): Promise<void> {
    running?.abort();
    const trimmed = query.trim();
    if (trimmed === '') {
      store.setState({ search: { query, mode, status: 'idle' } });
      return;
    }
    const abort = new AbortController();
    running = abort;
    const { response: before } = store.getState().search;
    store.setState({ search: { query, mode, status: 'searching', ...(before ? { response: before } : {}) } });
    const { collectionId } = store.getState();
    try {
      const embedder = await chooseEmbedder();
      const response = await library.search(
        {
          query: trimmed,
          collectionIds: collectionId === null ? [] : [collectionId],
          limit: LIMIT,
          mode,
          hasSyntax: true,
          ...(embedder ? { embedder } : {}),
        },
        { signal: abort.signal },
      );
      if (!abort.signal.aborted) store.setState({ search: { query, mode, status: 'done', response } });
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return;
      store.setState({ search: { query, mode, status: 'failed', error: toWire(toAppError(error)) } });
    }
  }

  return {
    run,
    /** Passages that a search in all collections would show. Errors: as the library's. */
    async countPassages(query: string, signal: AbortSignal): Promise<number> {
      const embedder = await chooseEmbedder();
      const { passages } = await library.search(
        {
          query,
          collectionIds: [],
          limit: LIMIT,
          mode: store.getState().search.mode,
          hasSyntax: true,
          ...(embedder ? { embedder } : {}),
        },
        { signal },
      );
      return passages.length;
    },
    dispose: (): void => running?.abort(),
  };
}
