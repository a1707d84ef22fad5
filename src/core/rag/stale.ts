import type { ModelSpec } from '#core/ports/model.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { CHUNKER_VERSION } from './chunk.ts';

/**
 * Documents that answer, but by another embedder or chunker than today's. No model is loaded for it. Rows of older
 * versions do not say their space: with one space there is no doubt, with several they are looked at again.
 */
export async function staleDocuments(
  library: LibraryRepository,
  embedder: ModelSpec,
): Promise<readonly string[]> {
  const spaces = await library.spaces();
  const models = new Map(spaces.map(({ id, modelId }) => [id, modelId]));
  const only = spaces.length === 1 ? spaces[0]?.id : undefined;
  return (await library.documents()).flatMap(({ id, status, chunkerVersion, spaceId = only }) =>
    status === 'ready' && (chunkerVersion !== CHUNKER_VERSION || models.get(spaceId ?? '') !== embedder.id)
      ? [id]
      : [],
  );
}
