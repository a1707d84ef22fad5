import type { SearchRequest } from '#core/ports/library.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { createKeySet, type KeySet } from '#shared/key-set.ts';
import { type FusedHit, fuse, RRF_K } from './fuse.ts';
import type { PassageIndex } from './passage-index.ts';
import type { RetrievePorts } from './retrieve.ts';
import { type EmbeddedQuery, searchSpaces } from './search-spaces.ts';

interface Scope {
  readonly wanted: number;
  readonly accepts: KeySet | undefined;
}

/**
 * What the other wordings of a question find, a list each. A hypothetical passage (HyDE: Gao et al., ACL 2023) is embedded
 * as a passage and looked for by meaning only: its words were made up.
 */
export async function searchOthers(
  ports: Pick<RetrievePorts, 'index' | 'embedQuery'>,
  request: SearchRequest,
  { wanted, accepts }: Scope,
  options: CallOptions,
): Promise<readonly (readonly FusedHit[])[]> {
  const { index } = ports;
  const { also = [], mode = 'hybrid', ranking = {} } = request;
  const lists: (readonly FusedHit[])[] = [];
  for (const { text, kind } of also) {
    if (text.trim() === '') continue;
    const embedded =
      mode === 'lexical' ? undefined : await ports.embedQuery({ ...request, query: text }, options, kind);
    throwIfAborted(options.signal);
    const dense = await searchSpaces(index, embedded, wanted, accepts, options);
    const isMadeUp = kind === 'passage';
    const lexical = mode === 'dense' || isMadeUp ? [] : index.lexical.search(text, wanted, accepts);
    lists.push(fuse(dense, lexical, ranking.weights));
  }
  return lists;
}

/**
 * Reciprocal rank fusion of whole lists. Scores of the dense and lexical search are those of the question itself (the
 * first list): whatever only another wording found is measured against the question before it can count as found.
 */
export async function mergeRanked(
  lists: readonly (readonly FusedHit[])[],
  question: EmbeddedQuery | undefined,
  index: PassageIndex,
): Promise<readonly FusedHit[]> {
  const [main = [], ...others] = lists;
  if (others.every((list) => list.length === 0)) return main;
  const scores = new Map<number, number>();
  for (const list of lists)
    for (const [rank, { key }] of list.entries())
      scores.set(key, (scores.get(key) ?? 0) + 1 / (RRF_K + rank + 1));
  const own = new Map(main.map((hit) => [hit.key, hit]));
  const unmeasured = createKeySet([...scores.keys()].filter((key) => own.get(key)?.dense === undefined));
  const measured = await searchSpaces(index, question, unmeasured.size, unmeasured);
  const cosines = new Map(measured.map(({ key, score }) => [key, score]));
  return [...scores]
    .map(([key, score]): FusedHit => {
      const dense = own.get(key)?.dense ?? cosines.get(key);
      return { ...own.get(key), key, score, ...(dense === undefined ? {} : { dense }) };
    })
    .sort((a, b) => b.score - a.score || (b.dense ?? -1) - (a.dense ?? -1) || a.key - b.key);
}
