import type { SearchRequest } from '#core/ports/library.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import type { EmbeddingRoom } from './embedding-room.ts';
import type { PassageIndex } from './passage-index.ts';
import type { EmbeddedQuery, QueryVector } from './search-spaces.ts';

export interface EmbedQueryPorts {
  readonly library: LibraryRepository;
  readonly embeddings: EmbeddingRoom;
  readonly index: Pick<PassageIndex, 'dense'>;
}

/**
 * Puts a query into every space that answers: that of the chosen embedder, and those of former embedders whose documents
 * were not read again yet. Each by its own embedder: vectors of two models never meet.
 */
export function createEmbedQuery({ library, embeddings, index }: EmbedQueryPorts) {
  async function vectorOf(
    model: ModelSpec,
    query: string,
    kind: 'query' | 'passage',
    options: CallOptions,
  ): Promise<QueryVector> {
    const { fingerprint } = await embeddings.load(model, options);
    const floor = await embeddings.floor(model, options);
    const { vectors } = await embeddings.embed(model, kind, [query], options);
    return { vector: vectors, spaceId: fingerprint, floor };
  }

  async function former(
    own: { readonly spaceId: string; readonly embedder: ModelSpec },
    query: string,
    kind: 'query' | 'passage',
    options: CallOptions,
  ): Promise<Pick<EmbeddedQuery, 'others' | 'unasked'>> {
    const others: QueryVector[] = [];
    const unasked: string[] = [];
    for (const space of await library.spaces()) {
      const { id, modelId, embedder } = space;
      // A row of an older version learns its embedder while it is still the chosen one.
      if (id === own.spaceId && !embedder)
        await library.commit({ space: { ...space, embedder: own.embedder } });
      if (id === own.spaceId || (index.dense(id)?.size ?? 0) === 0) continue;
      try {
        const vector = embedder && (await vectorOf(embedder, query, kind, options));
        if (vector?.spaceId === id) others.push(vector);
        else unasked.push(modelId); // its files have changed since, or nobody knows them any more
      } catch (error) {
        if (isAbort(error)) throw error;
        unasked.push(modelId);
      }
    }
    return { others, unasked };
  }

  return async function embedQuery(
    { embedder, mode = 'hybrid', query }: SearchRequest,
    { signal }: CallOptions,
    kind: 'query' | 'passage' = 'query',
  ): Promise<EmbeddedQuery | undefined> {
    if (query.trim() === '') return undefined;
    if (embedder === undefined) {
      if (mode === 'hybrid') return undefined;
      throw new AppError(
        'model/not-found',
        'Search by meaning needs an embedding model. Download one in Models.',
      );
    }
    const call = signal ? { signal } : {};
    const own = await vectorOf(embedder, query, kind, call);
    return { ...own, ...(await former({ ...own, embedder }, query, kind, call)) };
  };
}
