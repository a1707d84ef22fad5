import type { ImageEmbedderInfo } from '#core/ports/image-embedder.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { CaptionedPictures } from '#core/ports/picture-teacher.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import type { ImageRoom } from './image-room.ts';
import { rowOf } from './vector-math.ts';

/** Texts that are embedded in one call: a stop is heard between two. */
const TEXTS = 32;

/**
 * Those of embedded pictures that have captions, with the captions as the model understands them; by id, so that a lesson
 * is the same in whatever order they came.
 */
export async function captionedPictures(
  embedded: {
    readonly info: ImageEmbedderInfo;
    readonly records: readonly ImageRecord[];
    readonly vectors: Float32Array;
  },
  room: ImageRoom,
  model: ModelSpec,
  { signal, onProgress }: CallOptions,
): Promise<CaptionedPictures> {
  const { info, records, vectors } = embedded;
  const { dimension, fingerprint, logits } = info;
  const idOf = (row: number): string => records[row]?.id ?? '';
  const rows = records
    .flatMap(({ captions = [] }, row) => (captions.length > 0 ? [row] : []))
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const pictures = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) pictures.set(rowOf(vectors, row, dimension), i * dimension);
  const pairs = rows.flatMap((row, picture) =>
    (records[row]?.captions ?? []).map((caption) => ({ caption, picture })),
  );
  const texts = new Float32Array(pairs.length * dimension);
  for (let from = 0; from < pairs.length; from += TEXTS) {
    throwIfAborted(signal);
    const part = pairs.slice(from, from + TEXTS).map(({ caption }) => caption);
    const embeddings = await room.embedTexts(model, part, signal ? { signal } : {});
    texts.set(embeddings.vectors, from * dimension);
    onProgress?.({
      phase: 'embed',
      done: from + part.length,
      total: pairs.length,
      unit: 'items',
      label: 'Captions',
    });
  }
  return {
    spaceId: fingerprint,
    logits,
    dimension,
    imageIds: rows.map(idOf),
    pictures,
    captions: pairs.map(({ caption }) => caption),
    pictureOf: pairs.map(({ picture }) => picture),
    texts,
  };
}
