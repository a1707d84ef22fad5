import { bootstrapInterval, comparePaired } from '#core/evals/index.ts';
import type {
  CaptionedPictures,
  LessonChange,
  LessonEvent,
  LessonFigures,
  LessonReport,
  LessonVerdict,
  PictureTeacher,
} from '#core/ports/picture-teacher.ts';
import type {
  Projection,
  ProjectionPairs,
  ProjectionSettings,
  ProjectionTrainer,
} from '#core/ports/projection-trainer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { captionRecall, type PictureFigures } from './caption-recall.ts';
import { countsOf, type PairSplit, splitPairs } from './contrastive-split.ts';
import { rowOf } from './vector-math.ts';

/** Fewer leave too few to measure with: a quarter of them is held out. */
export const FEWEST_CAPTIONED = 40;
/** Below about this many captions, such a projection more often hurts than helps (measured; docs/features/images.md). */
export const ENOUGH_CAPTIONS = 400;

/**
 * One setting for everyone: trying many on someone's few captions would fit those that decide. Low rank and strong decay,
 * because a few hundred pairs do not carry more.
 */
const SETTINGS = {
  rank: 8,
  steps: 300,
  batch: 128,
  learningRate: 0.001,
  weightDecay: 5,
  snapshotEvery: 5,
} as const;
/** Snapshots without a better one on the validation pictures after which it stops. */
const PATIENCE = 8;
/** The same pictures are held out each time, so that nobody tries until it looks good. */
const SEED = 17;
const CHANCE = 0.05;
/** Less of the mean reciprocal rank is not worth to have search changed for, however sure it is. */
const WORTH_IT = 0.02;

function check({ imageIds, captions, pictureOf, pictures, texts, dimension }: CaptionedPictures): void {
  if (imageIds.length < FEWEST_CAPTIONED)
    throw new AppError(
      'input/invalid',
      `To learn from captions it takes at least ${FEWEST_CAPTIONED} pictures that have one; there are ${imageIds.length}. A part of them is held out to measure with.`,
      { details: { captioned: imageIds.length } },
    );
  if (
    pictures.length !== imageIds.length * dimension ||
    texts.length !== captions.length * dimension ||
    pictureOf.length !== captions.length
  )
    throw new AppError('input/invalid', 'Captions and pictures do not fit together. Load the page again.');
}

function pairsOf(captioned: CaptionedPictures, { train, meaningOf }: PairSplit): ProjectionPairs {
  const { dimension, pictures, texts, pictureOf } = captioned;
  const placeOf = new Map(train.pictures.map((picture, place) => [picture, place]));
  const pick = (rows: readonly number[], from: Float32Array): Float32Array => {
    const packed = new Float32Array(rows.length * dimension);
    for (const [i, row] of rows.entries()) packed.set(rowOf(from, row, dimension), i * dimension);
    return packed;
  };
  return {
    dimension,
    texts: pick(train.captions, texts),
    pictures: pick(train.pictures, pictures),
    pictureOf: train.captions.map((row) => placeOf.get(pictureOf[row] ?? -1) ?? -1),
    meaningOf: train.captions.map((row) => meaningOf[row] ?? -1),
  };
}

const valuesOf = (figures: readonly PictureFigures[], name: keyof PictureFigures): readonly number[] =>
  figures.map((figure) => figure[name]);

async function figuresOf(figures: readonly PictureFigures[], call: CallOptions): Promise<LessonFigures> {
  const of = async (name: keyof PictureFigures) => {
    const { mean, low, high } = await bootstrapInterval(valuesOf(figures, name), undefined, call);
    return { mean, low, high };
  };
  return {
    recall1: await of('recall1'),
    recall5: await of('recall5'),
    reciprocalRank: await of('reciprocalRank'),
  };
}

async function changeOf(
  before: readonly PictureFigures[],
  after: readonly PictureFigures[],
  name: keyof PictureFigures,
  call: CallOptions,
): Promise<LessonChange> {
  const { difference, p, wins, losses, ties } = await comparePaired(
    valuesOf(before, name),
    valuesOf(after, name),
    undefined,
    call,
  );
  const { mean, low, high } = difference;
  return { mean, low, high, p, better: wins, worse: losses, same: ties };
}

function verdictOf({ mean, low, high, p }: LessonChange, bestStep: number): LessonVerdict {
  if (bestStep === 0) return 'none';
  if (p < CHANCE && low > 0 && mean >= WORTH_IT) return 'better';
  return p < CHANCE && high < 0 ? 'worse' : 'unclear';
}

const meanRank = (figures: readonly PictureFigures[]): number =>
  figures.reduce((sum, { reciprocalRank }) => sum + reciprocalRank, 0) / Math.max(1, figures.length);

/** Contrastive learning on the user's own captions, with honest figures: see docs/features/images.md. */
export function createPictureTeacher({
  trainer,
  seed = SEED,
  settings: changed = {},
}: {
  readonly trainer: ProjectionTrainer;
  readonly seed?: number;
  readonly settings?: Partial<ProjectionSettings>;
}): PictureTeacher {
  return {
    async *teach({ captioned }, { signal } = {}): AsyncGenerator<LessonEvent> {
      check(captioned);
      const call = signal ? { signal } : {};
      const { scale, bias, kind } = captioned.logits;
      const loss = kind === 'softmax' ? 'infonce' : 'sigmoid';
      const settings: ProjectionSettings = { ...SETTINGS, loss, scale, bias, seed, ...changed };
      const split = splitPairs(captioned, seed);
      const { train, validation, test, meaningOf } = split;
      if (train.captions.length < 2 || validation.captions.length === 0 || test.captions.length === 0)
        throw new AppError(
          'input/invalid',
          'The captions are too much alike: no caption of a held-out picture is its own. Give pictures captions that tell them apart.',
        );
      const counts = countsOf(split);
      yield { type: 'start', split: counts, steps: settings.steps };

      const known = [...train.pictures, ...validation.pictures];
      const judge = { asked: validation.captions, candidates: known, meaningOf };
      let best: { readonly step: number; readonly rank: number; readonly projection: Projection } | undefined;
      let waited = 0;
      let steps = 0;
      for await (const event of trainer.train({ pairs: pairsOf(captioned, split), settings }, call)) {
        if (event.type === 'step') {
          steps = event.step;
          yield event;
          continue;
        }
        const { step, projection } = event;
        const rank = meanRank(await captionRecall(captioned, judge, projection, signal));
        yield { type: 'validation', step, reciprocalRank: rank };
        if (best === undefined || rank > best.rank) {
          best = { step, rank, projection };
          waited = 0;
        } else waited += 1;
        if (waited >= PATIENCE) break;
      }
      if (best === undefined) throw new AppError('internal/unexpected', 'The trainer has made nothing.');

      const asked = {
        asked: test.captions,
        candidates: captioned.imageIds.map((_, picture) => picture),
        meaningOf,
      };
      const before = await captionRecall(captioned, asked, undefined, signal);
      const after = await captionRecall(captioned, asked, best.projection, signal);
      const reciprocalRank = await changeOf(before, after, 'reciprocalRank', call);
      const report: LessonReport = {
        split: counts,
        before: await figuresOf(before, call),
        after: await figuresOf(after, call),
        change: { recall1: await changeOf(before, after, 'recall1', call), reciprocalRank },
        verdict: verdictOf(reciprocalRank, best.step),
        bestStep: best.step,
        steps,
      };
      yield { type: 'end', report, projection: best.projection };
    },
  };
}
