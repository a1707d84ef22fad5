import type { CallOptions } from '#shared/call.ts';
import type { KeySet } from '#shared/key-set.ts';

export interface VectorHit {
  /** The key given at `add`. */
  readonly key: number;
  /** Cosine similarity, -1 to 1, exact; of an 'int8' index without `readVectors` off by about 0.0002. */
  readonly score: number;
}

/**
 * 'exact': every vector in 32-bit numbers. 'int8': 8-bit codes are scanned, then originals decide.
 * 'voy': a k-d tree, approximate, for small collections.
 */
export type VectorIndexKind = 'exact' | 'int8' | 'voy';

/** Original vectors by key, in the order of the keys; undefined for what is not stored any more. */
export type ReadVectors = (
  keys: readonly number[],
  options?: CallOptions,
) => Promise<readonly (Float32Array | undefined)[]>;

/**
 * Nearest neighbours by cosine over L2-normalised vectors of one space.
 * Errors: input/invalid (wrong dimension, NaN, not of length 1). The index is always rebuildable from stored vectors.
 */
export interface VectorIndex {
  readonly kind: VectorIndexKind;
  readonly dimension: number;
  readonly size: number;
  /** What it keeps in memory. */
  readonly bytes: number;
  /**
   * `vectors` is row-major [keys.length × dimension], keys are whole numbers of 32 bits. A key that is there already is
   * replaced. A batch is taken whole or not at all.
   */
  add(keys: ArrayLike<number>, vectors: Float32Array): void;
  remove(keys: Iterable<number>): void;
  /**
   * Best first, ties by key. `accepts` filters inside the search, not after it; what an index makes of it is kept as long
   * as the same set is given. The index may change meanwhile: a row that is removed is then in the answer or not.
   */
  search(
    query: Float32Array,
    limit: number,
    accepts?: KeySet,
    options?: CallOptions,
  ): Promise<readonly VectorHit[]>;
  /** All of it, for `saved` of the same kind. Absent: it is built from the vectors as fast. */
  save?(): Uint8Array<ArrayBuffer>;
}

interface VectorIndexOptions {
  readonly kind: VectorIndexKind;
  readonly readVectors?: ReadVectors;
  /** What `save` gave. Errors: storage/corrupt. */
  readonly saved?: Uint8Array;
}

/** Without options: 'exact'. */
export type CreateVectorIndex = (
  dimension: number,
  options?: VectorIndexOptions,
) => Promise<VectorIndex> | VectorIndex;
