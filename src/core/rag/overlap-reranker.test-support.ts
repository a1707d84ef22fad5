import type { ModelSpec } from '#core/ports/model.ts';
import type { Reranker } from '#core/ports/reranker.ts';
import { AppError } from '#shared/errors.ts';
import { HASHED } from './hashed-embedder.test-support.ts';
import { contentWords } from './words.ts';

export const OVERLAP: ModelSpec = { ...HASHED, id: 'overlap', task: 'rerank', label: 'Overlap' };

/** The share of a query's words that a passage holds: a reranker that counts instead of being trained. */
export function createOverlapReranker(): Reranker {
  let isLoaded = false;
  return {
    async load({ model }) {
      isLoaded = true;
      return { modelId: model.id, maxInputTokens: model.contextTokens, runsOn: 'wasm', dtype: 'none' };
    },
    async rerank({ query, passages }) {
      if (!isLoaded) throw new AppError('model/not-found', 'Load it first.');
      const asked = new Set(contentWords(query).map(({ key }) => key));
      return Float32Array.from(passages, (passage) => {
        const held = new Set(contentWords(passage).map(({ key }) => key));
        return [...asked].filter((key) => held.has(key)).length / Math.max(1, asked.size);
      });
    },
    async unload() {
      isLoaded = false;
    },
  };
}
