import type { ModelSpec } from '#core/ports/model.ts';
import type { Reranker } from '#core/ports/reranker.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import type { EmbeddingRoomPorts } from './embedding-room.ts';

export interface RerankPorts extends Pick<EmbeddingRoomPorts, 'placement'> {
  readonly reranker: Reranker;
}

/** Scores by a reranker that is loaded when it is first asked, and again when its worker has ended. */
export function createRerank({ reranker, placement }: RerankPorts) {
  return async (
    model: ModelSpec,
    query: string,
    passages: readonly string[],
    options: CallOptions,
  ): Promise<Float32Array> => {
    const attempt = () => reranker.rerank({ modelId: model.id, query, passages }, options);
    try {
      return await attempt();
    } catch (error) {
      const isAbsent =
        error instanceof AppError && (error.code === 'model/not-found' || error.code === 'worker/crashed');
      if (!isAbsent || options.signal?.aborted) throw error;
      await reranker.load(
        { model, ...(await placement()) },
        options.signal ? { signal: options.signal } : {},
      );
      return attempt();
    }
  };
}
