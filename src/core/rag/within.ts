import type { PassageSet } from '#core/ports/library-insight.ts';
import type { PassageIndex } from './passage-index.ts';

type Accepts = ((key: number) => boolean) | undefined;

/** Narrows a filter to given passages; undefined leaves it as it is. */
export function onlyWithin(
  accepts: Accepts,
  within: readonly PassageSet[] | undefined,
  index: Pick<PassageIndex, 'place'>,
): Accepts {
  if (within === undefined) return accepts;
  const wanted = new Map(within.map(({ documentId, ordinals }) => [documentId, new Set(ordinals)]));
  return (key) => {
    const place = index.place(key);
    const isWanted = place !== undefined && (wanted.get(place.documentId)?.has(place.ordinal) ?? false);
    return isWanted && (accepts?.(key) ?? true);
  };
}
