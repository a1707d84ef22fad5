import { ownerOfRow, secondsOfRow } from '#core/ports/image-records.ts';
import type { PictureHit } from '#core/ports/pictures.ts';
import type { VectorIndex } from '#core/ports/vector-index.ts';
import type { CallOptions } from '#shared/call.ts';
import type { KeySet } from '#shared/key-set.ts';

/** What is asked of one space. */
export interface SpaceQuery {
  readonly index: VectorIndex;
  readonly vector: Float32Array;
  readonly accepts: KeySet;
}

interface RowHit {
  readonly key: number;
  readonly score: number;
}

/** Where all pass, the index need not look at the filter. */
const find = ({ index, vector, accepts }: SpaceQuery, limit: number, options: CallOptions) =>
  index.search(vector, limit, accepts.size === index.size ? undefined : accepts, options);

/** Rows, best first, to pictures: of a film its best frame stands for all of them. */
function toPictures(rows: readonly RowHit[], idOf: (key: number) => string): PictureHit[] {
  const seen = new Set<string>();
  const hits: PictureHit[] = [];
  for (const { key, score } of rows) {
    const rowId = idOf(key);
    const seconds = secondsOfRow(rowId);
    if (seconds === undefined) {
      hits.push({ imageId: rowId, score }); // a picture has one row: of 30,000 nobody need remember which were seen
      continue;
    }
    const imageId = ownerOfRow(rowId);
    if (seen.has(imageId)) continue;
    seen.add(imageId);
    hits.push({ imageId, score, seconds });
  }
  return hits;
}

/** Asked again for more rows while one film's frames have taken the places of other pictures. */
async function findPictures(
  query: SpaceQuery,
  limit: number,
  idOf: (key: number) => string,
  options: CallOptions,
): Promise<PictureHit[]> {
  for (let count = limit; ; count *= 4) {
    const rows = await find(query, count, options);
    const hits = toPictures(rows, idOf);
    if (hits.length >= limit || rows.length < count) return hits.slice(0, limit);
  }
}

/**
 * One space: its best. Several: similarities of two models are of two scales, so each is counted in standard deviations
 * above the mean of its own space; that lasts until the job that embeds the rest again is through.
 */
export async function rankPictures(
  asked: readonly SpaceQuery[],
  limit: number,
  idOf: (key: number) => string,
  options: CallOptions,
): Promise<readonly PictureHit[]> {
  const [first, ...others] = asked;
  if (first === undefined) return [];
  if (others.length === 0) return findPictures(first, limit, idOf, options);
  const standing: { readonly hit: PictureHit; readonly height: number }[] = [];
  for (const query of asked) {
    const hits = await find(query, query.index.size, options);
    const mean = hits.reduce((sum, { score }) => sum + score, 0) / Math.max(1, hits.length);
    const variance = hits.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / Math.max(1, hits.length);
    const deviation = Math.sqrt(variance) || 1;
    for (const hit of toPictures(hits, idOf).slice(0, limit))
      standing.push({ hit, height: (hit.score - mean) / deviation });
  }
  return standing
    .sort((a, b) => b.height - a.height)
    .slice(0, limit)
    .map(({ hit }) => hit);
}
