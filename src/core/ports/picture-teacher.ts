import type { CallOptions } from '#shared/call.ts';
import type { ImageTextLogits } from './model.ts';
import type { Projection } from './projection-trainer.ts';

/** Pictures that a model has embedded and that have captions of the user's, with the captions' vectors. */
export interface CaptionedPictures {
  /** Of pictures and captions: what is learned holds for this space only. */
  readonly spaceId: string;
  readonly logits: ImageTextLogits;
  readonly dimension: number;
  readonly imageIds: readonly string[];
  /** Row-major [imageIds.length × dimension], L2-normalised. */
  readonly pictures: Float32Array;
  readonly captions: readonly string[];
  /** The picture, an index into `imageIds`, of each caption. */
  readonly pictureOf: readonly number[];
  /** Row-major [captions.length × dimension], L2-normalised. */
  readonly texts: Float32Array;
}

/** A mean over held-out pictures, with the interval that holds it in 95 of 100 resamplings. */
export interface LessonFigure {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Words → picture, all captioned pictures being candidates. */
export interface LessonFigures {
  /** Share of the captions whose picture comes first, and among the first five. */
  readonly recall1: LessonFigure;
  readonly recall5: LessonFigure;
  /** Mean of 1 / place of the picture. */
  readonly reciprocalRank: LessonFigure;
}

/** After less before, picture by picture. */
export interface LessonChange extends LessonFigure {
  /** How often chance alone makes a change at least as large (randomization test for pairs). */
  readonly p: number;
  /** Held-out pictures that are found sooner, later, as before. */
  readonly better: number;
  readonly worse: number;
  readonly same: number;
}

export interface LessonSplit {
  readonly pictures: { readonly train: number; readonly validation: number; readonly test: number };
  readonly captions: { readonly train: number; readonly validation: number; readonly test: number };
  /** Captions of held-out pictures that were left out, because a picture that is learned from says the same. */
  readonly sharedCaptions: number;
}

/**
 * 'better' and 'worse': the change of the reciprocal rank is hardly chance (p < 0.05, the interval leaves out 0), and a gain
 * is at least 0.02. 'unclear': it may be chance, or is less. 'none': no step was better than the first on the validation pictures, so nothing was learned.
 */
export type LessonVerdict = 'better' | 'worse' | 'unclear' | 'none';

export interface LessonReport {
  readonly split: LessonSplit;
  readonly before: LessonFigures;
  readonly after: LessonFigures;
  readonly change: { readonly recall1: LessonChange; readonly reciprocalRank: LessonChange };
  readonly verdict: LessonVerdict;
  /** The step that was best on the validation pictures, and how many were made. */
  readonly bestStep: number;
  readonly steps: number;
}

export type LessonEvent =
  | { readonly type: 'start'; readonly split: LessonSplit; readonly steps: number }
  | { readonly type: 'step'; readonly step: number; readonly loss: number }
  /** Mean reciprocal rank on the validation pictures, which decides when to stop. */
  | { readonly type: 'validation'; readonly step: number; readonly reciprocalRank: number }
  | { readonly type: 'end'; readonly report: LessonReport; readonly projection: Projection };

/**
 * Fits a projection to captions by the loss that the model was trained with (InfoNCE, or sigmoid), and measures it on
 * pictures that it has not learned from. Runs in the train worker.
 * Errors: input/invalid (too few captioned pictures), model/out-of-memory, abort/by-user.
 */
export interface PictureTeacher {
  teach(input: { readonly captioned: CaptionedPictures }, options?: CallOptions): AsyncIterable<LessonEvent>;
}
