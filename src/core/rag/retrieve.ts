import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { SearchRequest, SearchResponse } from '#core/ports/library.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { CallOptions } from '#shared/call.ts';
import { throwIfAborted } from './breathe.ts';
import { createCopyFilter } from './copies.ts';
import { diversify } from './diversify.ts';
import { type DenseFloor, isFound } from './floor.ts';
import { type FusedHit, fuse } from './fuse.ts';
import type { PassageIndex } from './passage-index.ts';

/** A query in one embedding space. */
export interface EmbeddedQuery {
  readonly vector: Float32Array;
  readonly spaceId: string;
  readonly floor: DenseFloor;
}

export interface RetrievePorts {
  readonly library: LibraryRepository;
  readonly index: PassageIndex;
  readonly embedQuery: (request: SearchRequest, options: CallOptions) => Promise<EmbeddedQuery | undefined>;
}

/** Taken from each list: enough that fusion sees what only one of them ranks high. */
const CANDIDATES_PER_RESULT = 5;
const LEAST_CANDIDATES = 40;

type Found = Omit<SourcePassage, 'number'>;

async function passageOf(
  { library, index }: RetrievePorts,
  { key, score, dense, lexical }: FusedHit,
): Promise<Found | undefined> {
  const place = index.place(key);
  if (place === undefined) return undefined;
  const [chunk, document] = await Promise.all([
    library.chunk(place.documentId, place.ordinal),
    library.document(place.documentId),
  ]);
  if (chunk === undefined || document === undefined) return undefined; // removed a moment ago
  const { documentId, ordinal, text, start, end, page, headingPath } = chunk;
  return {
    documentId,
    documentName: document.name,
    ordinal,
    text,
    start,
    end,
    ...(page === undefined ? {} : { page }),
    headingPath,
    score,
    ...(dense === undefined ? {} : { denseScore: dense }),
    ...(lexical === undefined ? {} : { lexicalScore: lexical }),
    origin: dense === undefined ? 'lexical' : lexical === undefined ? 'dense' : 'both',
  };
}

/** With MMR: this many times the limit are read, so that there is something to choose from. */
const POOL_PER_RESULT = 3;

/**
 * Searches by meaning and by words, fuses both by rank, leaves out near-copies and whatever lies below the floor;
 * `ranking` sets all of that. Errors: those of the embedder and of storage, input/invalid for a weight or λ that is none.
 */
export async function retrieve(
  ports: RetrievePorts,
  request: SearchRequest,
  options: CallOptions = {},
): Promise<SearchResponse> {
  const { index } = ports;
  const { query, collectionIds, limit, mode = 'hybrid', ranking = {} } = request;
  const { signal } = options;
  await index.sync(signal);
  const accepts = index.acceptsIn(collectionIds);
  const wanted = Math.max(LEAST_CANDIDATES, limit * CANDIDATES_PER_RESULT);

  const startMs = performance.now();
  const embedded = mode === 'lexical' ? undefined : await ports.embedQuery(request, options);
  throwIfAborted(signal);
  const embeddedMs = performance.now();
  const vectors = embedded && index.dense(embedded.spaceId);
  const dense = vectors && embedded ? vectors.search(embedded.vector, wanted, accepts) : [];
  const denseMs = performance.now();
  const lexical = mode === 'dense' ? [] : index.lexical.search(query, wanted, accepts);
  const lexicalMs = performance.now();

  const ranked = fuse(dense, lexical, ranking.weights);
  const { mmrLambda, hasFloor = true, keepsCopies = false } = ranking;
  const isCopy = keepsCopies ? () => false : createCopyFilter();
  const pool: Found[] = [];
  const poolLimit = mmrLambda === undefined ? limit : limit * POOL_PER_RESULT;
  let droppedCopies = 0;
  for (const hit of ranked) {
    if (pool.length >= poolLimit) break;
    const found = await passageOf(ports, hit);
    throwIfAborted(signal);
    if (found === undefined) continue;
    if (hasFloor && !isFound(query, found.text, found.denseScore, embedded?.floor)) continue;
    if (isCopy(found.text)) droppedCopies += 1;
    else pool.push(found);
  }
  const chosen = mmrLambda === undefined ? pool : diversify(pool, mmrLambda, limit);
  return {
    passages: chosen.map((found, i): SourcePassage => ({ number: i + 1, ...found })),
    isBelowFloor: pool.length === 0 && ranked.length > 0,
    searchedChunks: index.count(collectionIds),
    droppedCopies,
    timingsMs: { embed: embeddedMs - startMs, dense: denseMs - embeddedMs, lexical: lexicalMs - denseMs },
  };
}
