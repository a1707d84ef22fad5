import { type ImageRecord, rowIdsOf } from '#core/ports/image-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { PictureHit } from '#core/ports/pictures.ts';
import type { Embeddings } from '#core/ports/text-embedder.ts';
import type { CallOptions } from '#shared/call.ts';
import type { ImageRoom } from './image-room.ts';
import type { PictureIndex } from './picture-index.ts';
import type { KeptProjections } from './projection.ts';
import { dot, rowOf } from './vector-math.ts';

/** What is true of every picture, or of none: words that say nothing of what is to be seen. */
export const NOTHING_SAID: readonly string[] = [
  'a picture',
  'a photo',
  'a drawing',
  'an image',
  'something',
  'nothing in particular',
  'text',
  'a document',
  'an object',
  'a person',
  'a thing',
  'a place',
  'background',
  'pattern',
  'color',
  'abstract',
  'white',
  'black',
  'letter',
  'number',
];

/**
 * From here on a picture matches. Measured with emoji-clip on its 120 pictures (`emoji-learning.browser.test.ts`): of the 59 of
 * 81 queries whose right picture is among the best eight, 50 keep it, and of the 120 bare names 115; of 40 made-up queries
 * about things that no picture shows, 28 find nothing. At 0.9 these are 46, 111 and 33, at 0.65 they are
 * 51, 118 and 20. A bare cosine must be chosen for each model, and keeps 49 where 28 find nothing; one relative to the user's
 * own pictures (standard deviations above their mean) keeps 33, since a query that many pictures match stands out of none.
 */
const LEAST_SHARE = 0.8;

/**
 * How likely it is that a picture shows what the query says rather than anything of `NOTHING_SAID`: zero-shot classification
 * (Radford et al. 2021) under the model's own temperature, with these as the other classes. So no similarity is chosen for each
 * model, and a picture that is near to all words has no advantage. A bias of the logits is in all of them.
 */
function shareOfQuery(cosine: number, others: readonly number[], scale: number): number {
  return 1 / (1 + others.reduce((sum, other) => sum + Math.exp(scale * (other - cosine)), 0));
}

export const isMatch = (cosine: number, others: readonly number[], scale: number): boolean =>
  shareOfQuery(cosine, others, scale) >= LEAST_SHARE;

interface FloorPorts {
  readonly room: ImageRoom;
  readonly index: Pick<PictureIndex, 'records' | 'rows'>;
  readonly learned: Pick<KeptProjections, 'apply'>;
}

const rowOfHit = (record: ImageRecord, { seconds }: PictureHit): string =>
  seconds === undefined ? (rowIdsOf(record)[0] ?? record.id) : `${record.id}@${Math.round(seconds * 1000)}`;

/** Hits of words without those that match no better than words that say nothing. */
export function createMatchFloor({ room, index, learned }: FloorPorts) {
  /** By space; they are the same for every query. */
  const nothing = new Map<string, Embeddings>();

  async function nothingIn(spaceId: string, model: ModelSpec, options: CallOptions): Promise<Embeddings> {
    const known = nothing.get(spaceId) ?? (await room.embedTexts(model, NOTHING_SAID, options));
    nothing.set(spaceId, known);
    return learned.apply(spaceId, known);
  }

  /** `models`: of each space that was asked. What holds the words of the query matches, whatever it looks like. */
  return async function above(
    hits: readonly PictureHit[],
    models: ReadonlyMap<string, ModelSpec>,
    options: CallOptions,
  ): Promise<readonly PictureHit[]> {
    const kept = new Set(hits.filter(({ words }) => words !== undefined));
    for (const [spaceId, model] of models) {
      const found = hits.flatMap((hit) => {
        const record = index.records().get(hit.imageId);
        return record?.spaceId === spaceId ? [{ hit, rowId: rowOfHit(record, hit) }] : [];
      });
      if (found.length === 0) continue;
      const { logits } = await room.load(model, options);
      const { vectors: said, count, dimension } = await nothingIn(spaceId, model, options);
      const rows = await index.rows(
        spaceId,
        found.map(({ rowId }) => rowId),
        options.signal,
      );
      for (const [row, { hit }] of found.entries()) {
        const vector = rowOf(rows.vectors, row, dimension);
        const others = Array.from({ length: count }, (_, i) => dot(vector, rowOf(said, i, dimension)));
        if (rows.has(row) && isMatch(hit.score, others, logits.scale)) kept.add(hit);
      }
    }
    return hits.filter((hit) => kept.has(hit));
  };
}
