import { type EvalSetting, passageId, RANKING_DEPTH, rankDocuments, rankingOf } from '#core/evals/index.ts';
import type { Library } from '#core/ports/library.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { CallOptions } from '#shared/call.ts';
import type { StoredCorpus } from './evals-state.ts';
import type { HelpOf } from './search-help.ts';

/** Long documents have several passages among the best: so many more are asked for, but not without end. */
const MOST_CHUNKS_PER_DOCUMENT = 4;

/** In the collection of an imported set: a document stands where its best passage stands. */
export function searchIn(library: Library, corpus: StoredCorpus, embedder: ModelSpec, helpOf: HelpOf) {
  const perDocument = Math.ceil(corpus.chunks / Math.max(1, corpus.idsOf.size));
  const limit = RANKING_DEPTH * Math.min(MOST_CHUNKS_PER_DOCUMENT, Math.max(1, perDocument));
  return async (query: string, setting: EvalSetting, options: CallOptions): Promise<readonly string[]> => {
    const { passages } = await library.search(
      {
        query,
        collectionIds: [corpus.collectionId],
        limit,
        mode: setting.mode,
        ranking: rankingOf(setting),
        embedder,
        ...helpOf(query, setting),
      },
      options,
    );
    return rankDocuments(
      passages.map(({ documentId }) => documentId),
      (id) => corpus.idsOf.get(id) ?? [],
    );
  };
}

/** In the library as it is: a passage is a document of the set. */
export function searchPassages(
  library: Library,
  collectionIds: readonly string[],
  embedder: ModelSpec,
  helpOf: HelpOf,
) {
  return async (query: string, setting: EvalSetting, options: CallOptions): Promise<readonly string[]> => {
    const ranking = rankingOf(setting);
    const request = {
      query,
      collectionIds,
      limit: RANKING_DEPTH,
      mode: setting.mode,
      ranking,
      embedder,
      ...helpOf(query, setting),
    };
    return (await library.search(request, options)).passages.map(passageId);
  };
}
