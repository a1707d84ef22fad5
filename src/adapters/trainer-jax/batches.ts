import { createRandom } from '#core/evals/index.ts';
import type { ProjectionPairs } from '#core/ports/projection-trainer.ts';

export interface Batch {
  /** [size × dimension] */
  readonly texts: Float32Array;
  readonly pictures: Float32Array;
  /** [size × size], 1 where text and picture belong together. */
  readonly together: Float32Array;
}

/** Pairs in a shuffled order, again and again, always `size` of them: one shape is compiled once. */
export function createBatches(pairs: ProjectionPairs, size: number, seed: number): () => Batch {
  const { dimension, texts, pictures, pictureOf, meaningOf } = pairs;
  const random = createRandom(seed);
  const order = pictureOf.map((_, row) => row);
  let at = order.length;
  /** What a picture is said to be by any of its texts. */
  const meanings = new Map<number, Set<number>>();
  for (const [row, picture] of pictureOf.entries()) {
    const known = meanings.get(picture);
    if (known) known.add(meaningOf[row] ?? -1);
    else meanings.set(picture, new Set([meaningOf[row] ?? -1]));
  }

  function next(): number {
    if (at === order.length) {
      for (let i = order.length - 1; i > 0; i--) {
        const j = Math.floor(random() * (i + 1));
        [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
      }
      at = 0;
    }
    at += 1;
    return order[at - 1] ?? 0;
  }

  return () => {
    const rows = Array.from({ length: size }, next);
    const batch = {
      texts: new Float32Array(size * dimension),
      pictures: new Float32Array(size * dimension),
      together: new Float32Array(size * size),
    };
    for (const [i, row] of rows.entries()) {
      const picture = pictureOf[row] ?? 0;
      batch.texts.set(texts.subarray(row * dimension, (row + 1) * dimension), i * dimension);
      batch.pictures.set(pictures.subarray(picture * dimension, (picture + 1) * dimension), i * dimension);
      for (const [j, other] of rows.entries()) {
        const isRight = meanings.get(pictureOf[other] ?? 0)?.has(meaningOf[row] ?? -1);
        if (isRight) batch.together[i * size + j] = 1;
      }
    }
    return batch;
  };
}
