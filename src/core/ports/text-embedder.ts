import type { CallOptions } from '#shared/call.ts';
import type { ModelSpec } from './model.ts';

export interface EmbedderInfo {
  readonly modelId: string;
  readonly dimension: number;
  /** Input tokens, special tokens included; longer texts are refused by the chunker, cut by the embedder. */
  readonly maxInputTokens: number;
  readonly runsOn: 'webgpu' | 'wasm';
  readonly dtype: string;
  /** Changes whenever vectors would no longer be comparable: model file hash, pooling, prompts, normalisation. */
  readonly fingerprint: string;
}

export interface EmbedRequest {
  readonly modelId: string;
  readonly texts: readonly string[];
  /** Models that want a prefix get the right one. */
  readonly kind: 'query' | 'passage';
}

export interface Embeddings {
  /** Row-major [count × dimension], L2-normalised float32. */
  readonly vectors: Float32Array;
  readonly dimension: number;
  readonly count: number;
}

/** Texts to vectors. Errors: model/not-found, model/integrity, model/out-of-memory, model/device-lost. */
export interface TextEmbedder {
  load(
    input: { readonly model: ModelSpec; readonly device: 'gpu' | 'cpu'; readonly threads: number },
    options?: CallOptions,
  ): Promise<EmbedderInfo>;
  /** Any number of texts; batched by length inside; progress in items; abort between batches. */
  embed(input: EmbedRequest, options?: CallOptions): Promise<Embeddings>;
  unload(input: { readonly modelId: string }, options?: CallOptions): Promise<void>;
}
