import type { ImageRecord } from '#core/ports/image-records.ts';
import type { PictureHit, PictureSearch, PictureWordMatch } from '#core/ports/pictures.ts';
import { fuse } from '#core/rag/index.ts';
import { passes } from './picture-filter.ts';
import type { PictureIndex } from './picture-index.ts';
import { parsePictureQuery } from './picture-query.ts';
import { wordMatch } from './word-match.ts';

/** More pictures than these are not looked at for the words of one query. */
const MOST_MATCHES = 300;

type Matches = ReadonlyMap<string, PictureWordMatch>;

/** The pictures that hold the words of the search, the best first, by id. */
export function findWords(
  index: Pick<PictureIndex, 'searchWords' | 'records'>,
  { words = '', filter = {} }: PictureSearch,
): Matches {
  const { plus, minus } = parsePictureQuery(words);
  const matches = new Map<string, PictureWordMatch>();
  if (plus === undefined) return matches;
  const records = index.records();
  const asked = (id: string): ImageRecord | undefined => {
    const record = records.get(id);
    return record?.status === 'ready' && passes(record, filter) ? record : undefined;
  };
  for (const record of index.searchWords(plus, MOST_MATCHES, asked)) {
    const match = wordMatch(record, plus, minus);
    if (match) matches.set(record.id, match);
  }
  return matches;
}

/**
 * The ranking by similarity, in which what holds the words moves up. With a picture beside the words, the words weigh less as
 * the slider goes to the picture. Scores stay similarities; what no model that was asked has embedded is no hit.
 */
export function fuseWords(
  dense: readonly PictureHit[],
  matches: Matches,
  { picture, balance = 0.5 }: PictureSearch,
): readonly PictureHit[] {
  const weight = picture ? Math.min(1, 2 * (1 - balance)) : 1;
  if (matches.size === 0 || weight === 0) return dense;
  const places = new Map(dense.map(({ imageId }, place) => [imageId, place] as const));
  const lexical = [...matches.keys()].flatMap((id, rank) => {
    const key = places.get(id);
    return key === undefined ? [] : [{ key, score: -rank }];
  });
  const ranked = dense.map(({ score }, key) => ({ key, score }));
  return fuse(ranked, lexical, { dense: 1, lexical: weight }).flatMap(({ key }) => {
    const hit = dense[key];
    const words = hit && matches.get(hit.imageId);
    return hit ? [{ ...hit, ...(words ? { words } : {}) }] : [];
  });
}
