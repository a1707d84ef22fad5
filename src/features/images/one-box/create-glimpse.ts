import type { CallOptions } from '#shared/call.ts';
import { type ImagesDependencies, type ImagesStore, NO_QUERY } from '../images-state.ts';
import { readyEmbedder } from '../ready-embedder.ts';
import type { ShownPicture } from '../shown-pictures.ts';

/** The best pictures of a search that was made elsewhere. */
export interface Glimpse {
  readonly pictures: readonly ShownPicture[];
  /** Pictures that the whole search shows, also those that match little. */
  readonly total: number;
}

/** Searches beside the screen's own search, which stays as it is until somebody follows. */
export function createGlimpse(deps: ImagesDependencies, store: ImagesStore, run: () => Promise<void>) {
  const { repositories, pictures } = deps;
  return {
    async glimpse(words: string, limit: number, options: CallOptions = {}): Promise<Glimpse> {
      const embedder = await readyEmbedder(deps, options);
      const { hits, searched } = await pictures.search(
        { embedder, words, limit, onlyMatches: true },
        options,
      );
      const shown = await Promise.all(
        hits.map(async ({ imageId, score, seconds, words: match }): Promise<readonly ShownPicture[]> => {
          const image = await repositories.images.get(imageId);
          return image
            ? [
                {
                  image,
                  score,
                  ...(seconds === undefined ? {} : { seconds }),
                  ...(match ? { words: match } : {}),
                },
              ]
            : [];
        }),
      );
      return { pictures: shown.flat(), total: searched };
    },

    /** The whole of it, as if it had been asked here: no picture, no filter, nothing open. */
    searchFor(words: string, openId?: string): Promise<void> {
      store.setState({ query: { ...NO_QUERY, words }, filter: {}, view: 'all', openId, isPreviewing: false });
      return run();
    },
  };
}
