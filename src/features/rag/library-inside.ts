import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { IndexReport } from '#core/ports/library.ts';
import type { PassageMap } from '#core/ports/library-insight.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { TokenSpan } from '#core/ports/tokenizer.ts';
import type { IndexChoice } from '#core/rag/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { LibraryDependencies, LibraryStore } from './library-state.ts';

const NEIGHBOURS = 5;

/** What was indexed, looked at from inside. */
export function createLibraryInside(deps: LibraryDependencies, store: LibraryStore) {
  const { library, repositories, notify } = deps;

  async function embedder(): Promise<ModelSpec> {
    const model = await deps.embedder();
    if (model === undefined)
      throw new AppError('model/not-found', 'This needs an embedding model. Download one in Models.');
    return model;
  }

  return {
    /** What the index of the open collection holds, finds and takes: one report a vector space. */
    async measureIndex(options: CallOptions): Promise<readonly IndexReport[]> {
      const { collectionId } = store.getState();
      return library.measureIndex({ collectionIds: collectionId === null ? [] : [collectionId] }, options);
    },
    async indexChoice(): Promise<IndexChoice> {
      const { INDEX_CHOICE_KEY, parseIndexChoice } = await import('./index-choice.ts');
      return parseIndexChoice(await repositories.settings.get(INDEX_CHOICE_KEY));
    },
    /** From the next search on. */
    async setIndexChoice(choice: IndexChoice): Promise<void> {
      const { INDEX_CHOICE_KEY } = await import('./index-choice.ts');
      await repositories.settings.set(INDEX_CHOICE_KEY, choice);
    },
    /** The passages of the open collection on a plane. */
    async map(signal: AbortSignal): Promise<PassageMap> {
      const { collectionId } = store.getState();
      const collectionIds = collectionId === null ? [] : [collectionId];
      return library.map({ collectionIds, embedder: await embedder() }, { signal });
    },
    /** Opens a document at one of its passages; why it cannot is said. */
    async openPassage(documentId: string, ordinal: number): Promise<void> {
      try {
        const chunk = await repositories.library.chunk(documentId, ordinal);
        if (chunk) store.setState({ target: { documentId, span: { start: chunk.start, end: chunk.end } } });
        else notify('This passage is no longer there: its document was read again or deleted.');
      } catch (error) {
        notify(`The passage could not be opened: ${toAppError(error).message}`);
      }
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
