import type { CaptionedPictures } from '#core/ports/picture-teacher.ts';
import type { Projection } from '#core/ports/projection-trainer.ts';
import { createBreather } from '#shared/breathe.ts';
import { project } from './projection.ts';
import { dot, rowOf } from './vector-math.ts';

/** Of one held-out picture, the mean over its captions. */
export interface PictureFigures {
  readonly recall1: number;
  readonly recall5: number;
  readonly reciprocalRank: number;
}

export interface CaptionQueries {
  /** Indices into `captions`: what is asked. */
  readonly asked: readonly number[];
  /** Indices into `imageIds`: what is looked through. */
  readonly candidates: readonly number[];
  readonly meaningOf: readonly number[];
}

/**
 * How well captions find their pictures, one entry a picture, so that a picture with ten captions counts once. Any
 * picture with a caption of the same meaning is right; one that is as near as the right one counts as before it.
 */
export async function captionRecall(
  { dimension, pictures, texts, pictureOf }: CaptionedPictures,
  { asked, candidates, meaningOf }: CaptionQueries,
  projection: Projection | undefined,
  signal?: AbortSignal,
): Promise<readonly PictureFigures[]> {
  const breathe = createBreather(signal);
  const rightOf = new Map<number, Set<number>>();
  for (const [row, meaning] of meaningOf.entries()) {
    const right = rightOf.get(meaning) ?? new Set();
    right.add(pictureOf[row] ?? -1);
    rightOf.set(meaning, right);
  }
  const ranksOf = new Map<number, number[]>();
  for (const caption of asked) {
    const given = { vectors: rowOf(texts, caption, dimension), dimension, count: 1 };
    const { vectors: query } = projection ? project(projection, given) : given;
    const right = rightOf.get(meaningOf[caption] ?? -1) ?? new Set();
    const scores = candidates.map((picture) => dot(query, rowOf(pictures, picture, dimension)));
    const best = Math.max(...scores.filter((_, at) => right.has(candidates[at] ?? -1)));
    const before = scores.filter((score, at) => score >= best && !right.has(candidates[at] ?? -1)).length;
    const picture = pictureOf[caption] ?? -1;
    const ranks = ranksOf.get(picture);
    if (ranks) ranks.push(before + 1);
    else ranksOf.set(picture, [before + 1]);
    await breathe();
  }
  return [...ranksOf.values()].map((ranks) => {
    const mean = (of: (rank: number) => number): number =>
      ranks.reduce((sum, rank) => sum + of(rank), 0) / ranks.length;
    return {
      recall1: mean((rank) => (rank === 1 ? 1 : 0)),
      recall5: mean((rank) => (rank <= 5 ? 1 : 0)),
      reciprocalRank: mean((rank) => 1 / rank),
    };
  });
}
