import type { VectorHit } from '#core/ports/vector-index.ts';
import type { CallOptions } from '#shared/call.ts';
import type { KeySet } from '#shared/key-set.ts';
import type { DenseFloor } from './floor.ts';
import type { PassageIndex } from './passage-index.ts';

/** A query in the space of one embedder. */
export interface QueryVector {
  readonly vector: Float32Array;
  readonly spaceId: string;
  readonly floor: DenseFloor;
}

/** A query in one embedding space, and in those of former embedders that still answer for some documents. */
export interface EmbeddedQuery extends QueryVector {
  readonly others?: readonly QueryVector[];
  /** Models whose documents could only be searched by words, because the model could not be asked. */
  readonly unasked?: readonly string[];
}

/**
 * A cosine of one embedder on the scale of another. Both floors are the same two shares of the way from strangers to
 * answers, so the line through them brings strangers to strangers and answers to answers.
 */
function onScaleOf(target: DenseFloor, own: DenseFloor): (score: number) => number {
  const way = own.found - own.near;
  const stretch = way > 0 ? (target.found - target.near) / way : 1;
  return (score) => Math.max(-1, Math.min(1, target.found + (score - own.found) * stretch));
}

/**
 * Nearest passages over all spaces that answer, best first; each document has its rows in one of them only. Scores are
 * cosines of the chosen embedder, those of another space are put onto its scale.
 */
export async function searchSpaces(
  index: Pick<PassageIndex, 'dense'>,
  query: EmbeddedQuery | undefined,
  limit: number,
  accepts: KeySet | undefined,
  options: CallOptions = {},
): Promise<readonly VectorHit[]> {
  if (query === undefined) return [];
  const own = (await index.dense(query.spaceId)?.search(query.vector, limit, accepts, options)) ?? [];
  if (query.others === undefined || query.others.length === 0) return own;
  const all = [...own];
  for (const { vector, spaceId, floor } of query.others) {
    const scale = onScaleOf(query.floor, floor);
    const found = await index.dense(spaceId)?.search(vector, limit, accepts, options);
    for (const { key, score } of found ?? []) all.push({ key, score: scale(score) });
  }
  return all.sort((a, b) => b.score - a.score || a.key - b.key).slice(0, limit);
}
