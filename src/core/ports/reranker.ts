import type { CallOptions } from '#shared/call.ts';
import type { ModelSpec } from './model.ts';

export interface RerankerInfo {
  readonly modelId: string;
  /** Tokens of query and passage together, special tokens included; a longer passage is cut. */
  readonly maxInputTokens: number;
  readonly runsOn: 'webgpu' | 'wasm';
  readonly dtype: string;
}

export interface RerankRequest {
  readonly modelId: string;
  readonly query: string;
  readonly passages: readonly string[];
}

/**
 * Reads query and passage together and says how well they fit (a cross-encoder: Nogueira and Cho 2019, “Passage Re-ranking
 * with BERT”). Errors: model/not-found, model/integrity, model/out-of-memory, model/device-lost, input/unsupported.
 */
export interface Reranker {
  load(
    input: { readonly model: ModelSpec; readonly device: 'gpu' | 'cpu'; readonly threads: number },
    options?: CallOptions,
  ): Promise<RerankerInfo>;
  /** [passages.length], in their order: the logistic function of the model's score, 0 to 1. Progress in items. */
  rerank(input: RerankRequest, options?: CallOptions): Promise<Float32Array>;
  unload(input: { readonly modelId: string }, options?: CallOptions): Promise<void>;
}
