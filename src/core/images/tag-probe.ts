import type { PictureHit, TagProbe } from '#core/ports/pictures.ts';
import { createBreather } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { crossValidate, fitLogistic, probabilityOf } from './logistic.ts';
import { rowOf } from './vector-math.ts';

export interface ProbePictures {
  readonly imageIds: readonly string[];
  /** Row-major, L2-normalised; row i belongs to imageIds[i]. */
  readonly vectors: Float32Array;
  readonly dimension: number;
}

const FEWEST_EXAMPLES = 2;
const MOST_SUGGESTIONS = 200;

/**
 * A linear probe (logistic regression on the embeddings, as in Radford et al. 2021): what it learned from a few examples,
 * how good it is on examples that it had not seen, and the pictures that it would tag. A picture given as both is
 * left out of both.
 */
export async function probeTag(
  { imageIds, vectors, dimension }: ProbePictures,
  examples: {
    readonly tag: string;
    readonly positive: ReadonlySet<string>;
    readonly negative: ReadonlySet<string>;
  },
  signal?: AbortSignal,
): Promise<TagProbe> {
  const { tag, positive, negative } = examples;
  const rows = imageIds.flatMap((id, row) => (positive.has(id) !== negative.has(id) ? [row] : []));
  const isPositive = rows.map((row) => positive.has(imageIds[row] ?? ''));
  const positives = isPositive.filter(Boolean).length;
  if (positives < FEWEST_EXAMPLES || rows.length - positives < FEWEST_EXAMPLES)
    throw new AppError(
      'input/invalid',
      `To learn “${tag}” it takes at least ${FEWEST_EXAMPLES} pictures that have it and ${FEWEST_EXAMPLES} that do not, all of them indexed. Add examples.`,
      { details: { positives, negatives: rows.length - positives } },
    );
  const packed = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) packed.set(rowOf(vectors, row, dimension), i * dimension);
  const all = { vectors: packed, dimension, isPositive };
  const { accuracy, folds } = await crossValidate(all, signal);
  const model = fitLogistic(all);
  const breathe = createBreather(signal);
  const suggested: PictureHit[] = [];
  for (const [row, imageId] of imageIds.entries()) {
    if (positive.has(imageId) || negative.has(imageId)) continue;
    const score = probabilityOf(model, vectors, row);
    if (score > 0.5) suggested.push({ imageId, score });
    await breathe();
  }
  suggested.sort((a, b) => b.score - a.score);
  return { tag, accuracy, folds, suggested: suggested.slice(0, MOST_SUGGESTIONS) };
}
