import { describe, expect, test } from 'vitest';
import { isAbort } from '#shared/errors.ts';
import type {
  Projection,
  ProjectionEvent,
  ProjectionPairs,
  ProjectionSettings,
  ProjectionTrainer,
} from './projection-trainer.ts';

const DIMENSION = 12;

const settings: ProjectionSettings = {
  loss: 'infonce',
  scale: 10,
  bias: 0,
  rank: 8,
  steps: 240,
  batch: 32,
  learningRate: 0.02,
  weightDecay: 0,
  seed: 5,
  snapshotEvery: 80,
};

/** Numbers of a fixed sequence, -1 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}

function unit(values: readonly number[]): readonly number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** Pictures at random, each with a text that is the picture with four pairs of its axes turned by a right angle. */
function turned(count: number, seed = 3): ProjectionPairs {
  const random = sequence(seed);
  const pictures = Array.from({ length: count }, () => unit(Array.from({ length: DIMENSION }, random)));
  const texts = pictures.map((values) =>
    values.map((value, i) => (i >= 8 ? value : i % 2 === 0 ? -(values[i + 1] ?? 0) : (values[i - 1] ?? 0))),
  );
  const each = pictures.map((_, i) => i);
  return {
    dimension: DIMENSION,
    texts: new Float32Array(texts.flat()),
    pictures: new Float32Array(pictures.flat()),
    pictureOf: each,
    meaningOf: each,
  };
}

function moved(row: Float32Array, { rank, dimension, down, up }: Projection): readonly number[] {
  const inner = Array.from({ length: rank }, (_, r) =>
    row.reduce((sum, value, i) => sum + value * (down[i * rank + r] ?? 0), 0),
  );
  return unit(
    [...row].map((value, i) => value + inner.reduce((s, v, r) => s + v * (up[r * dimension + i] ?? 0), 0)),
  );
}

/** Share of the texts for which their own picture is the nearest. */
function found({ texts, pictures, pictureOf }: ProjectionPairs, projection: Projection): number {
  const hits = pictureOf.filter((picture, row) => {
    const query = moved(texts.subarray(row * DIMENSION, (row + 1) * DIMENSION), projection);
    const cosines = pictureOf.map((_, at) =>
      query.reduce((sum, value, i) => sum + value * (pictures[at * DIMENSION + i] ?? 0), 0),
    );
    return cosines.indexOf(Math.max(...cosines)) === picture;
  });
  return hits.length / pictureOf.length;
}

async function all(events: AsyncIterable<ProjectionEvent>): Promise<readonly ProjectionEvent[]> {
  const list: ProjectionEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

const lossesOf = (events: readonly ProjectionEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
const snapshotsOf = (events: readonly ProjectionEvent[]) =>
  events.flatMap((event) => (event.type === 'snapshot' ? [event] : []));
const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length;

/** Every adapter of the port runs this. */
export function describeProjectionTrainer(name: string, create: () => ProjectionTrainer): void {
  describe(`${name} as a trainer of projections`, () => {
    test.each(['infonce', 'sigmoid'] as const)(
      'learns a turn by %s, also for pairs not seen',
      async (loss) => {
        const events = await all(
          create().train({
            pairs: turned(64),
            settings: { ...settings, loss, ...(loss === 'sigmoid' ? { scale: 20, bias: -12 } : {}) },
          }),
        );
        const losses = lossesOf(events);
        expect(losses).toHaveLength(settings.steps);
        expect(mean(losses.slice(-10))).toBeLessThan(0.6 * mean(losses.slice(0, 5)));
        const snapshots = snapshotsOf(events);
        expect(snapshots.map(({ step }) => step)).toEqual([0, 80, 160, 240]);
        const [first, last] = [snapshots[0], snapshots.at(-1)];
        const unseen = turned(64, 99);
        if (!first || !last) throw new Error('There are no snapshots.');
        expect(found(unseen, first.projection)).toBeLessThan(0.4);
        expect(found(unseen, last.projection)).toBeGreaterThan(0.8);
      },
    );

    test('begins as what changes nothing', async () => {
      for await (const event of create().train({ pairs: turned(8), settings })) {
        if (event.type !== 'snapshot') throw new Error('The first event is not a snapshot.');
        expect(event.step).toBe(0);
        expect(event.projection.up.every((value) => value === 0)).toBe(true);
        expect(event.projection.down).toHaveLength(DIMENSION * settings.rank);
        break;
      }
    });

    test('a snapshot that was handed out stays as it is', async () => {
      const events = await all(
        create().train({ pairs: turned(16), settings: { ...settings, steps: 80, snapshotEvery: 40 } }),
      );
      const [first, second, third] = snapshotsOf(events).map(({ projection }) => projection.up);
      expect(first?.every((value) => value === 0)).toBe(true);
      expect(second).not.toEqual(third);
    });

    test('the same seed gives the same numbers, another one others', async () => {
      const short = { ...settings, steps: 6, batch: 8 };
      const pairs = turned(24);
      const once = lossesOf(await all(create().train({ pairs, settings: short })));
      expect(lossesOf(await all(create().train({ pairs, settings: short })))).toEqual(once);
      expect(lossesOf(await all(create().train({ pairs, settings: { ...short, seed: 6 } })))).not.toEqual(
        once,
      );
    });

    test('texts that say the same are not told apart', async () => {
      const pairs = turned(8);
      const same = { ...pairs, meaningOf: pairs.meaningOf.map(() => 0) };
      const [loss = Number.NaN] = lossesOf(
        await all(create().train({ pairs: same, settings: { ...settings, steps: 1 } })),
      );
      expect(loss).toBeCloseTo(0, 4);
    });

    test('stops when told to, and works again after that and after a break', async () => {
      const trainer = create();
      const abort = new AbortController();
      const run = async () => {
        for await (const event of trainer.train({ pairs: turned(32), settings }, { signal: abort.signal }))
          if (event.type === 'step' && event.step === 2) abort.abort();
      };
      expect(isAbort(await run().catch((error: unknown) => error))).toBe(true);
      for await (const event of trainer.train({ pairs: turned(32), settings }))
        if (event.type === 'step') break;
      expect(
        lossesOf(await all(trainer.train({ pairs: turned(32), settings: { ...settings, steps: 2 } }))),
      ).toHaveLength(2);
    });

    test.each([
      ['a picture that is not there', { pictureOf: [0, 1, 9] }],
      ['too few texts', { texts: new Float32Array(DIMENSION) }],
      ['half a picture', { pictures: new Float32Array(DIMENSION + 3) }],
      ['meanings of other texts', { meaningOf: [0] }],
      ['captions of one picture only', { pictureOf: [0, 0, 0] }],
    ])('refuses %s', async (_, wrong) => {
      const pairs = { ...turned(3), ...wrong };
      await expect(all(create().train({ pairs, settings }))).rejects.toMatchObject({ code: 'input/invalid' });
    });
  });
}
