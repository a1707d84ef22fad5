import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { PassageMap } from '#core/ports/library-insight.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { TokenSpan } from '#core/ports/tokenizer.ts';
import { AppError } from '#shared/errors.ts';
import type { LibraryDependencies, LibraryStore } from './library-state.ts';

const NEIGHBOURS = 5;

/** What was indexed, looked at from inside. */
export function createLibraryInside(deps: LibraryDependencies, store: LibraryStore) {
  const { library } = deps;

  async function embedder(): Promise<ModelSpec> {
    const model = await deps.embedder();
    if (model === undefined)
      throw new AppError('model/not-found', 'This needs an embedding model. Download one in Models.');
    return model;
  }

  return {
    /** The passages of the open collection on a plane. */
    async map(signal: AbortSignal): Promise<PassageMap> {
      const { collectionId } = store.getState();
      const collectionIds = collectionId === null ? [] : [collectionId];
      return library.map({ collectionIds, embedder: await embedder() }, { signal });
    },
    async neighbours(
      documentId: string,
      ordinal: number,
      signal: AbortSignal,
    ): Promise<readonly SourcePassage[]> {
      const input = { documentId, ordinal, limit: NEIGHBOURS, embedder: await embedder() };
      return library.neighbours(input, { signal });
    },
    async tokens(text: string, signal: AbortSignal): Promise<readonly TokenSpan[]> {
      return (await library.tokens({ text, embedder: await embedder() }, { signal })).spans;
    },
  };
}
