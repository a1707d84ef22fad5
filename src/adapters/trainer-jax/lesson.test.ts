import { describe, expect, test } from 'vitest';
import { createRandom } from '#core/evals/index.ts';
import { createPictureTeacher } from '#core/images/index.ts';
import type { CaptionedPictures, LessonEvent } from '#core/ports/picture-teacher.ts';
import { isAbort } from '#shared/errors.ts';
import { createJaxTrainer } from './index.ts';

const DIMENSION = 16;

function unit(values: readonly number[]): readonly number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** Pictures at random, each with a caption whose vector is made from the picture's. */
function captioned(
  count: number,
  captionOf: (picture: readonly number[], random: () => number) => readonly number[],
  seed = 1,
): CaptionedPictures {
  const random = createRandom(seed);
  const pictures = Array.from({ length: count }, () =>
    unit(Array.from({ length: DIMENSION }, () => random() + random() + random() - 1.5)),
  );
  return {
    spaceId: 'space',
    logits: { scale: 15, bias: 0, kind: 'softmax' },
    dimension: DIMENSION,
    imageIds: pictures.map((_, i) => `picture-${i}`),
    pictures: new Float32Array(pictures.flat()),
    captions: pictures.map((_, i) => `caption ${i}`),
    pictureOf: pictures.map((_, i) => i),
    texts: new Float32Array(pictures.flatMap((picture) => unit(captionOf(picture, random)))),
  };
}

/** Four pairs of axes turned by a right angle, and some noise: what has to be learned holds for every picture. */
const turned = (picture: readonly number[], random: () => number): readonly number[] =>
  picture.map(
    (value, i) =>
      (i >= 8 ? value : i % 2 === 0 ? -(picture[i + 1] ?? 0) : (picture[i - 1] ?? 0)) +
      0.1 * (random() - 0.5),
  );
/** Nothing of the picture: there is nothing to learn that would hold for another one. */
const unrelated = (_: readonly number[], random: () => number): readonly number[] =>
  Array.from({ length: DIMENSION }, () => random() - 0.5);

async function teach(input: CaptionedPictures, signal?: AbortSignal, seed?: number) {
  const events: LessonEvent[] = [];
  const teacher = createPictureTeacher({
    trainer: createJaxTrainer(),
    ...(seed === undefined ? {} : { seed }),
    settings: { learningRate: 0.02, weightDecay: 0, rank: 8 },
  });
  for await (const event of teacher.teach({ captioned: input }, signal ? { signal } : {})) events.push(event);
  const end = events.at(-1);
  if (end?.type !== 'end') throw new Error('There is no end.');
  return { events, ...end };
}

describe('a lesson from captions', () => {
  test('learns a turn that holds for pictures it has not seen, and says so', async () => {
    const { events, report, projection } = await teach(captioned(240, turned));
    expect(report.verdict).toBe('better');
    expect(report.before.recall1.mean).toBeLessThan(0.3);
    expect(report.after.recall1.mean).toBeGreaterThan(0.8);
    expect(report.after.recall1.low).toBeGreaterThan(report.before.recall1.high);
    expect(report.change.reciprocalRank.p).toBeLessThan(0.05);
    expect(report.split.pictures).toEqual({ train: 144, validation: 36, test: 60 });
    expect(projection.dimension).toBe(DIMENSION);
    expect(events[0]).toMatchObject({ type: 'start' });
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    expect(losses).toHaveLength(report.steps);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const best = events
      .flatMap((event) => (event.type === 'validation' ? [event] : []))
      .reduce((a, b) => (b.reciprocalRank > a.reciprocalRank ? b : a));
    expect(best.step).toBe(report.bestStep);
  });

  test('claims nothing where captions have nothing to do with their pictures', async () => {
    for (const seed of [1, 2, 3]) {
      const { report, events } = await teach(captioned(160, unrelated, seed), undefined, seed);
      expect(report.verdict).not.toBe('better');
      // It did learn its own pairs by heart: the loss is no proof.
      const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
      expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
      expect(report.steps).toBeLessThan(300);
    }
  });

  test('a model of the sigmoid kind is taught by its own loss', async () => {
    const sigmoid = { ...captioned(240, turned), logits: { scale: 30, bias: -15, kind: 'sigmoid' } as const };
    const { report } = await teach(sigmoid);
    expect(report.after.recall1.mean).toBeGreaterThan(report.before.recall1.mean + 0.2);
  });

  test('is refused with too few pictures, and with captions that are all the same', async () => {
    await expect(teach(captioned(39, turned))).rejects.toMatchObject({ code: 'input/invalid' });
    const same = captioned(60, turned);
    await expect(teach({ ...same, captions: same.captions.map(() => 'Holiday ') })).rejects.toMatchObject({
      code: 'input/invalid',
    });
  });

  test('stops when told to', async () => {
    const abort = new AbortController();
    const teacher = createPictureTeacher({ trainer: createJaxTrainer() });
    const run = async () => {
      for await (const event of teacher.teach({ captioned: captioned(60, turned) }, { signal: abort.signal }))
        if (event.type === 'step') abort.abort();
    };
    expect(isAbort(await run().catch((error: unknown) => error))).toBe(true);
  });
});
