import type { CallOptions } from '#shared/call.ts';

/**
 * A residual of low rank on an embedding x: x + (x · down) · up, then of length 1 again (as in Hu et al. 2021, here on the
 * embedding instead of on a weight). With `up` all zeros it changes nothing.
 */
export interface Projection {
  readonly dimension: number;
  readonly rank: number;
  /** Row-major [dimension × rank]. */
  readonly down: Float32Array;
  /** Row-major [rank × dimension]. */
  readonly up: Float32Array;
}

/** Texts with the pictures that they describe, in one space. */
export interface ProjectionPairs {
  readonly dimension: number;
  /** Row-major [n × dimension], L2-normalised. */
  readonly texts: Float32Array;
  /** Row-major [m × dimension], L2-normalised. */
  readonly pictures: Float32Array;
  /** The picture, 0 to m - 1, of each text. */
  readonly pictureOf: readonly number[];
  /** Texts of one number say the same: none of them counts as wrong for the pictures of another. */
  readonly meaningOf: readonly number[];
}

export interface ProjectionSettings {
  /** 'infonce': which of the batch belongs together (Radford et al. 2021); 'sigmoid': each two by themselves (Zhai et al. 2023). */
  readonly loss: 'infonce' | 'sigmoid';
  /** Cosines become logits as `scale × cosine + bias`; InfoNCE needs no bias. */
  readonly scale: number;
  readonly bias: number;
  readonly rank: number;
  readonly steps: number;
  /** Pairs a step; all of them when there are fewer. */
  readonly batch: number;
  readonly learningRate: number;
  /** Pulls the residual to zero, apart from the gradient (AdamW, Loshchilov and Hutter 2019). */
  readonly weightDecay: number;
  /** The same seed draws the same batches. */
  readonly seed: number;
  /** A 'snapshot' comes after this many steps, and one before the first. */
  readonly snapshotEvery: number;
}

export type ProjectionEvent =
  /** `loss` of the batch of this step, before its update; steps count from 1. */
  | { readonly type: 'step'; readonly step: number; readonly loss: number }
  /** What the text side is now; the caller keeps the one that serves pictures that were not learned from best. */
  | { readonly type: 'snapshot'; readonly step: number; readonly projection: Projection };

/**
 * Fits a residual on the text side of pairs. The picture side stays as it is, so that stored vectors need not change:
 * two linear maps, one on each side, rank like one on one side but for lengths.
 * Errors: input/invalid (shapes that do not fit, fewer than two pictures), model/out-of-memory, abort/by-user.
 */
export interface ProjectionTrainer {
  train(
    input: { readonly pairs: ProjectionPairs; readonly settings: ProjectionSettings },
    options?: CallOptions,
  ): AsyncIterable<ProjectionEvent>;
}
