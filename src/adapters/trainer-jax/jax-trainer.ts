import { defaultDevice, init, type Array as JaxArray, jit, numpy as np, valueAndGrad } from '@jax-js/jax';
import { createRandom } from '#core/evals/index.ts';
import type {
  Projection,
  ProjectionEvent,
  ProjectionPairs,
  ProjectionSettings,
  ProjectionTrainer,
} from '#core/ports/projection-trainer.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { createAdamW } from './adamw.ts';
import { createBatches } from './batches.ts';
import { contrastiveLoss } from './contrastive-loss.ts';
import { trainerError } from './to-app-error.ts';

/** Large enough that both factors get a gradient soon, small beside the embedding. */
const FIRST_SPREAD = 0.1;

let starting: Promise<void> | undefined;

/** WebAssembly, once a thread: a step is some ten milliseconds there, and its figures are the same on every machine. */
export function startJax(): Promise<void> {
  starting ??= (async () => {
    const there = await init('wasm');
    if (!there.includes('wasm'))
      throw new AppError(
        'capability/unsupported-browser',
        'This browser cannot run the trainer: it needs WebAssembly. Use a current browser.',
      );
    defaultDevice('wasm');
  })();
  starting.catch(() => {
    starting = undefined;
  });
  return starting;
}

function check(pairs: ProjectionPairs, { rank, steps, batch, snapshotEvery }: ProjectionSettings): void {
  const { dimension, texts, pictures, pictureOf, meaningOf } = pairs;
  const count = pictures.length / dimension;
  const isWhole = [rank, steps, batch, snapshotEvery, dimension].every((n) => Number.isInteger(n) && n > 0);
  const fits =
    isWhole &&
    Number.isInteger(count) &&
    texts.length === pictureOf.length * dimension &&
    meaningOf.length === pictureOf.length &&
    pictureOf.every((picture) => Number.isInteger(picture) && picture >= 0 && picture < count);
  if (!fits)
    throw new AppError('input/invalid', 'Texts, pictures and the pairs of them do not fit together.', {
      details: { dimension, texts: texts.length, pictures: pictures.length, pairs: pictureOf.length },
    });
  if (new Set(pictureOf).size < 2 || batch < 2)
    throw new AppError('input/invalid', 'It takes captions of at least two pictures to tell them apart.');
}

/** Random `down`, `up` of zeros: it begins as what changes nothing. */
function firstProjection(dimension: number, rank: number, seed: number): Projection {
  const random = createRandom(seed);
  const down = Float32Array.from({ length: dimension * rank }, () => (random() * 2 - 1) * FIRST_SPREAD);
  return { dimension, rank, down, up: new Float32Array(rank * dimension) };
}

const copyOf = ({ down, up, ...shape }: Projection): Projection => ({
  ...shape,
  down: down.slice(),
  up: up.slice(),
});

/** Numbers off the device; the array is used up. */
async function read(array: JaxArray): Promise<Float32Array> {
  return (await array.data()) as Float32Array;
}

async function* train(
  pairs: ProjectionPairs,
  settings: ProjectionSettings,
  signal: AbortSignal | undefined,
): AsyncGenerator<ProjectionEvent> {
  const { dimension, pictureOf } = pairs;
  const { rank, steps, seed, snapshotEvery } = settings;
  const size = Math.min(settings.batch, pictureOf.length);
  const projection = firstProjection(dimension, rank, seed);
  const nextBatch = createBatches(pairs, size, seed + 1);
  const moveDown = createAdamW(projection.down, settings);
  const moveUp = createAdamW(projection.up, settings);
  const compiled = jit(valueAndGrad(contrastiveLoss(settings), { argnums: [0, 1] }));
  const array = (values: Float32Array, rows: number, columns: number): JaxArray =>
    np.array(values, { shape: [rows, columns] });
  try {
    yield { type: 'snapshot', step: 0, projection: copyOf(projection) };
    for (let step = 1; step <= steps; step++) {
      throwIfAborted(signal);
      const { texts, pictures, together } = nextBatch();
      const [value, [ofDown, ofUp]] = compiled(
        array(projection.down, dimension, rank),
        array(projection.up, rank, dimension),
        array(texts, size, dimension),
        array(pictures, size, dimension),
        array(together, size, size),
      );
      const [loss = Number.NaN] = await read(value);
      const [slopeDown, slopeUp] = [await read(ofDown), await read(ofUp)];
      if (!Number.isFinite(loss))
        throw new AppError('internal/unexpected', 'The loss is no number any more. Start the lesson again.');
      moveDown(slopeDown);
      moveUp(slopeUp);
      await new Promise<void>((resolve) => setTimeout(resolve)); // a stop is heard between two steps
      yield { type: 'step', step, loss };
      if (step % snapshotEvery === 0 || step === steps)
        yield { type: 'snapshot', step, projection: copyOf(projection) };
    }
  } catch (error) {
    throw trainerError(error);
  } finally {
    compiled.dispose();
  }
}

/** Autodiff of jax-js, compiled to WebAssembly. */
export function createJaxTrainer(): ProjectionTrainer {
  return {
    async *train({ pairs, settings }, { signal } = {}) {
      check(pairs, settings);
      throwIfAborted(signal);
      await startJax();
      yield* train(pairs, settings, signal);
    },
  };
}
