import type { CallOptions } from '#shared/call.ts';
import type { Embeddings } from './text-embedder.ts';

/**
 * Fits an embedder to a domain: turns its vectors into others, queries and passages alike. The vectors that it makes are a
 * space of their own, so those of before and after never meet.
 */
export interface EmbeddingAdapter {
  /** Changes whenever its vectors would: a hash of its weights. Becomes part of the space's fingerprint. */
  readonly fingerprint: string;
  readonly inputDimension: number;
  readonly outputDimension: number;
  /** [n × inputDimension] to [n × outputDimension], row by row, L2-normalised; the input stays as it is. */
  apply(embeddings: Embeddings, options?: CallOptions): Promise<Embeddings>;
}
