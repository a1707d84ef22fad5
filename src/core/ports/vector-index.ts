import type { CallOptions } from '#shared/call.ts';

export interface VectorHit {
  /** The key given at `add`. */
  readonly key: number;
  /** Cosine similarity, -1 to 1, exact. */
  readonly score: number;
}

/**
 * Nearest neighbours by cosine over L2-normalised vectors of one space.
 * Errors: input/invalid (wrong dimension, NaN). The index is always rebuildable from stored vectors.
 */
export interface VectorIndex {
  readonly dimension: number;
  readonly size: number;
  /** `vectors` is row-major [keys.length × dimension]. A key that is there already is replaced. */
  add(keys: ArrayLike<number>, vectors: Float32Array): void;
  remove(keys: Iterable<number>): void;
  /** Best first, ties by key. `accepts` filters inside the search, not after it. */
  search(
    query: Float32Array,
    limit: number,
    accepts?: (key: number) => boolean,
    options?: CallOptions,
  ): readonly VectorHit[];
}
