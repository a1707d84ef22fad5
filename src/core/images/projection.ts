import * as v from 'valibot';
import type { Projection } from '#core/ports/projection-trainer.ts';
import type { SettingsRepository } from '#core/ports/repositories.ts';
import type { Embeddings } from '#core/ports/text-embedder.ts';
import { AppError } from '#shared/errors.ts';
import { normalised, rowOf } from './vector-math.ts';

/** x + (x · down) · up of each row, of length 1 again; a row that would become nothing stays as it is. */
export function project(
  { rank, dimension, down, up }: Projection,
  { vectors, dimension: given, count }: Embeddings,
): Embeddings {
  if (given !== dimension)
    throw new AppError('input/invalid', 'What was learned from captions belongs to another model.', {
      details: { given, dimension },
    });
  const projected = new Float32Array(vectors.length);
  const inner = new Float64Array(rank);
  for (let from = 0; from < vectors.length; from += dimension) {
    inner.fill(0);
    for (let i = 0; i < dimension; i++)
      for (let r = 0; r < rank; r++)
        inner[r] = (inner[r] ?? 0) + (vectors[from + i] ?? 0) * (down[i * rank + r] ?? 0);
    const row = rowOf(vectors, from / dimension, dimension).slice();
    for (let r = 0; r < rank; r++)
      for (let i = 0; i < dimension; i++)
        row[i] = (row[i] ?? 0) + (inner[r] ?? 0) * (up[r * dimension + i] ?? 0);
    projected.set(normalised(row) ?? rowOf(vectors, from / dimension, dimension), from);
  }
  return { vectors: projected, dimension, count };
}

const numbers = v.custom<Float32Array>((value) => value instanceof Float32Array);
const keptSchema = v.object({
  isOn: v.boolean(),
  learnedAt: v.number(),
  pictures: v.number(),
  captions: v.number(),
  /** On held-out pictures, when it was learned. */
  recall1: v.object({ before: v.number(), after: v.number() }),
  verdict: v.picklist(['better', 'worse', 'unclear', 'none']),
  projection: v.object({ dimension: v.number(), rank: v.number(), down: numbers, up: numbers }),
});

/** What was learned from captions and kept: for one space, that is one model in one version. */
export type KeptProjection = v.InferOutput<typeof keptSchema>;

/** The settings' row that holds it; a feed of changes names it. */
export const projectionKey = (spaceId: string): string => `picture-projection:${spaceId}`;

export type KeptProjections = ReturnType<typeof createKeptProjections>;

/** Keeps at most one projection a space. It moves the words of a search only: stored vectors and labels stay. */
export function createKeptProjections(settings: SettingsRepository) {
  async function of(spaceId: string): Promise<KeptProjection | undefined> {
    const stored = v.safeParse(keptSchema, await settings.get(projectionKey(spaceId)));
    if (!stored.success) return undefined;
    const { dimension, rank, down, up } = stored.output.projection;
    return down.length === dimension * rank && up.length === rank * dimension ? stored.output : undefined;
  }
  return {
    of,
    keep: (spaceId: string, kept: KeptProjection): Promise<void> =>
      settings.set(projectionKey(spaceId), kept),
    async setOn(spaceId: string, isOn: boolean): Promise<void> {
      const kept = await of(spaceId);
      if (kept) await settings.set(projectionKey(spaceId), { ...kept, isOn });
    },
    remove: (spaceId: string): Promise<void> => settings.set(projectionKey(spaceId), undefined),
    /** Texts of a search as they are to be compared with the pictures of this space. */
    async apply(spaceId: string, texts: Embeddings): Promise<Embeddings> {
      const kept = await of(spaceId);
      return kept?.isOn && kept.projection.dimension === texts.dimension
        ? project(kept.projection, texts)
        : texts;
    },
  };
}
