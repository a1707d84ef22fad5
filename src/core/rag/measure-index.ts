import type { IndexReport } from '#core/ports/library.ts';
import type { VectorSegment } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { VectorHit, VectorIndex } from '#core/ports/vector-index.ts';
import { createBreather } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import type { KeySet } from '#shared/key-set.ts';
import { percentile } from '#shared/percentile.ts';

const PROBES = 100;
const NEIGHBOURS = 10;

export interface MeasuredSpace {
  readonly library: Pick<LibraryRepository, 'segments'>;
  readonly spaceId: string;
  readonly index: VectorIndex;
  /** The key of a stored row; undefined for deleted ones. */
  readonly keyOf: (documentId: string, ordinal: number) => number | undefined;
  /** The collection's rows; undefined = all. */
  readonly accepts: KeySet | undefined;
}

interface Row {
  readonly key: number;
  readonly vector: Float32Array;
}

interface Probe extends Row {
  /** Its exact neighbours, best first, itself not among them. */
  readonly nearest: VectorHit[];
}

function rowsOf({ keyOf, accepts, index }: MeasuredSpace, segment: VectorSegment): readonly Row[] {
  const { dimension } = index;
  return segment.documentIds.flatMap((documentId, row) => {
    const key = keyOf(documentId, segment.ordinals[row] ?? -1);
    if (key === undefined || (accepts && !accepts.has(key))) return [];
    return [{ key, vector: segment.vectors.subarray(row * dimension, (row + 1) * dimension) }];
  });
}

/** Every row has the same chance, and the same collection gives the same probes: reservoir sampling with a fixed seed. */
async function sampleRows(space: MeasuredSpace, signal: AbortSignal | undefined) {
  const breathe = createBreather(signal);
  const probes: Probe[] = [];
  let seen = 0;
  let segments = 0;
  let state = 1;
  for await (const segment of space.library.segments(space.spaceId)) {
    segments += 1;
    for (const { key, vector } of rowsOf(space, segment)) {
      seen += 1;
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const place = seen <= PROBES ? seen - 1 : Math.floor((state / 2 ** 32) * seen);
      if (place < PROBES) probes[place] = { key, vector: vector.slice(), nearest: [] };
    }
    await breathe();
  }
  return { probes, vectors: seen, segments };
}

function score(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

const isBetter = (a: VectorHit, b: VectorHit): boolean =>
  a.score > b.score || (a.score === b.score && a.key < b.key);

/** Ten in order: an insertion is cheaper than a heap. */
function offer({ key, vector, nearest }: Probe, row: Row): void {
  if (row.key === key) return;
  const hit = { key: row.key, score: score(vector, row.vector) };
  const last = nearest[NEIGHBOURS - 1];
  if (last && !isBetter(hit, last)) return;
  const place = nearest.findIndex((other) => isBetter(hit, other));
  nearest.splice(place < 0 ? nearest.length : place, 0, hit);
  nearest.length = Math.min(nearest.length, NEIGHBOURS);
}

async function findExact(
  space: MeasuredSpace,
  probes: readonly Probe[],
  segments: number,
  { signal, onProgress }: CallOptions,
): Promise<void> {
  const breathe = createBreather(signal);
  let done = 0;
  for await (const segment of space.library.segments(space.spaceId)) {
    for (const row of rowsOf(space, segment)) {
      for (const probe of probes) offer(probe, row);
      await breathe();
    }
    done += 1;
    onProgress?.({
      phase: 'process',
      done,
      total: Math.max(done, segments),
      unit: 'items',
      label: 'Exact search',
    });
  }
}

/**
 * How well an index serves a collection, on 100 of its own chunks: which of a chunk's ten nearest others (by an exact
 * search over what is stored) it finds, and how long it takes. Undefined when the collection has no vectors there.
 */
export async function measureIndex(
  space: MeasuredSpace,
  options: CallOptions = {},
): Promise<IndexReport | undefined> {
  const { index, accepts, spaceId } = space;
  const { probes, vectors, segments } = await sampleRows(space, options.signal);
  const [first] = probes;
  if (first === undefined) return undefined;
  await findExact(space, probes, segments, options);
  const breathe = createBreather(options.signal);
  const timesMs: number[] = [];
  let expected = 0;
  let found = 0;
  await index.search(first.vector, NEIGHBOURS + 1, accepts, options); // what an index makes of a filter, it makes once
  for (const { key, vector, nearest } of probes) {
    const startMs = performance.now();
    const hits = await index.search(vector, NEIGHBOURS + 1, accepts, options);
    timesMs.push(performance.now() - startMs);
    const others = hits.filter((hit) => hit.key !== key).slice(0, NEIGHBOURS);
    const wanted = new Set(nearest.map((hit) => hit.key));
    expected += wanted.size;
    found += others.filter((hit) => wanted.has(hit.key)).length;
    await breathe();
  }
  return {
    spaceId,
    kind: index.kind,
    dimension: index.dimension,
    vectors,
    indexVectors: index.size,
    indexBytes: index.bytes,
    probes: probes.length,
    recallAt10: expected === 0 ? 1 : found / expected,
    p50Ms: percentile(timesMs, 0.5),
    p95Ms: percentile(timesMs, 0.95),
  };
}
