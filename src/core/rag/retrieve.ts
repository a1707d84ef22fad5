import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { SearchRequest, SearchResponse } from '#core/ports/library.ts';
import type { ChunkRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { createCopyFilter } from './copies.ts';
import { diversify } from './diversify.ts';
import { isFound } from './floor.ts';
import { type FusedHit, fuse } from './fuse.ts';
import { withNeighbours } from './neighbours.ts';
import { mergeRanked, searchOthers } from './other-queries.ts';
import type { PassageIndex } from './passage-index.ts';
import { narrow } from './query-scope.ts';
import { parseQuery } from './query-syntax.ts';
import { type EmbeddedQuery, searchSpaces } from './search-spaces.ts';
import { passageOfChunk } from './source-passage.ts';
import { wordsOf } from './words.ts';

export interface RetrievePorts {
  readonly library: LibraryRepository;
  readonly index: PassageIndex;
  readonly embedQuery: (
    request: SearchRequest,
    options: CallOptions,
    kind?: 'query' | 'passage',
  ) => Promise<EmbeddedQuery | undefined>;
  /** Reads the question with each text: 0 to 1, in their order. */
  readonly rerank: (
    reranker: ModelSpec,
    query: string,
    texts: readonly string[],
    options: CallOptions,
  ) => Promise<Float32Array>;
}

/** Taken from each list: enough that fusion sees what only one of them ranks high. */
const CANDIDATES_PER_RESULT = 5;
const LEAST_CANDIDATES = 40;

type Found = Omit<SourcePassage, 'number'>;

/** In the order of the hits, read at once; what was removed a moment ago is left out. */
async function passagesOf(
  { library, index }: RetrievePorts,
  hits: readonly FusedHit[],
): Promise<readonly Found[]> {
  const placed = hits.flatMap((hit) => {
    const place = index.place(hit.key);
    const documentName = place && index.nameOf(place.documentId);
    return place && documentName !== undefined ? [{ hit, place, documentName }] : [];
  });
  const chunks = await library.chunksAt(placed.map(({ place }) => place));
  return placed.flatMap(({ hit, documentName }, i): readonly Found[] => {
    const chunk = chunks[i];
    return chunk ? [foundAs(hit, chunk, documentName)] : [];
  });
}

function foundAs({ score, dense, lexical }: FusedHit, chunk: ChunkRecord, name: string): Found {
  return {
    ...passageOfChunk({ name }, chunk),
    score,
    ...(dense === undefined ? {} : { denseScore: dense }),
    ...(lexical === undefined ? {} : { lexicalScore: lexical }),
    origin: dense === undefined ? 'lexical' : lexical === undefined ? 'dense' : 'both',
  };
}

/** Of the hits some lie below the floor: to read twice as many at once costs less than to come back for the rest. */
const READ_PER_WANTED = 2;

/** Passages one after the other; each read of storage brings more than the one before. */
async function* eachPassage(
  ports: RetrievePorts,
  hits: readonly FusedHit[],
  wanted: number,
): AsyncGenerator<Found> {
  let count = wanted * READ_PER_WANTED;
  for (let from = 0; from < hits.length; from += count) {
    if (from > 0) count *= 2;
    yield* await passagesOf(ports, hits.slice(from, from + count));
  }
}

/** With MMR: this many times the limit are read, so that there is something to choose from. */
const POOL_PER_RESULT = 3;
/** Passages that a reranker reads: more cost time and rarely bring another one to the top. */
const RERANKED = 24;

/** In the order of the reranker, where there is one. */
async function inOrder(
  { rerank }: RetrievePorts,
  { query, reranker }: SearchRequest,
  pool: readonly Found[],
  options: CallOptions,
): Promise<readonly Found[]> {
  if (reranker === undefined || pool.length < 2) return pool;
  const scores = await rerank(
    reranker,
    query,
    pool.map(({ text }) => text),
    options,
  );
  return pool
    .map((found, i): Found => ({ ...found, score: scores[i] ?? 0, rerankScore: scores[i] ?? 0 }))
    .toSorted((a, b) => b.score - a.score);
}

/**
 * Searches by meaning and by words, fuses both by rank, leaves out near-copies and whatever lies below the floor;
 * `ranking` sets all of that. Errors: those of the embedder and of storage, input/invalid for a weight or λ that is none.
 */
export async function retrieve(
  ports: RetrievePorts,
  given: SearchRequest,
  options: CallOptions = {},
): Promise<SearchResponse> {
  const { index } = ports;
  const { text, terms } = given.hasSyntax ? parseQuery(given.query) : { text: given.query, terms: [] };
  const request = { ...given, query: text };
  const { query, collectionIds, limit, mode = 'hybrid', ranking = {} } = request;
  const { signal } = options;
  await index.sync(signal);
  const inScope = index.acceptsIn(collectionIds, request.within);
  const accepts = terms.length === 0 ? inScope : await narrow(ports, terms, inScope, options);
  const wanted = Math.max(LEAST_CANDIDATES, limit * CANDIDATES_PER_RESULT);

  const startMs = performance.now();
  const embedded = mode === 'lexical' ? undefined : await ports.embedQuery(request, options);
  throwIfAborted(signal);
  const embeddedMs = performance.now();
  const dense = await searchSpaces(index, embedded, wanted, accepts, options);
  throwIfAborted(signal);
  const denseMs = performance.now();
  const lexical = mode === 'dense' ? [] : index.lexical.search(query, wanted, accepts);
  const lexicalMs = performance.now();

  const own = fuse(dense, lexical, ranking.weights);
  const others = await searchOthers(ports, request, { wanted, accepts }, options);
  const ranked = await mergeRanked([own, ...others], embedded, index);
  const { mmrLambda, hasFloor = true, keepsCopies = false } = ranking;
  const isCopy = keepsCopies ? () => false : createCopyFilter();
  // Exactly these words stand in it: that is what was asked for.
  const isExact = terms.some(({ kind }) => kind === 'phrase');
  const pool: Found[] = [];
  const poolLimit = Math.max(
    mmrLambda === undefined ? limit : limit * POOL_PER_RESULT,
    request.reranker ? RERANKED : 0,
  );
  let droppedCopies = 0;
  const asked = wordsOf(query);
  if (poolLimit > 0)
    for await (const found of eachPassage(ports, ranked, poolLimit)) {
      throwIfAborted(signal);
      const words = wordsOf(found.text);
      if (hasFloor && !isExact && !isFound(asked, words, found.denseScore, embedded?.floor)) continue;
      if (isCopy(words)) droppedCopies += 1;
      else if (pool.push(found) >= poolLimit) break;
    }
  const rerankMs = performance.now();
  const ordered = await inOrder(ports, request, pool, options);
  const endMs = performance.now();
  const chosen = mmrLambda === undefined ? ordered.slice(0, limit) : diversify(ordered, mmrLambda, limit);
  const { neighbours } = request;
  const widened = neighbours ? await withNeighbours(ports.library, chosen, neighbours) : chosen;
  return {
    passages: widened.map((found, i): SourcePassage => ({ number: i + 1, ...found })),
    isBelowFloor: pool.length === 0 && ranked.length > 0,
    searchedChunks: index.count(collectionIds),
    droppedCopies,
    ...(embedded?.unasked?.length ? { unaskedModels: embedded.unasked } : {}),
    timingsMs: {
      embed: embeddedMs - startMs,
      dense: denseMs - embeddedMs,
      lexical: lexicalMs - denseMs,
      ...(request.reranker ? { rerank: endMs - rerankMs } : {}),
    },
  };
}
