import type { VectorHit, VectorIndex } from '#core/ports/vector-index.ts';
import { AppError } from '#shared/errors.ts';
import type { KeySet } from '#shared/key-set.ts';
import { createDistinct, type Distinct } from './distinct.ts';
import { createGuardedTree } from './guarded-tree.ts';
import { loadVoy } from './load-voy.ts';

/** Of more, voy silently looks at the first 768 only. */
const VOY_MAX_DIMENSION = 768;
/** Candidates beyond the wanted ones: the jitter changes places of near-equal ones. */
const SPARE = 24;
const LENGTH_TOLERANCE = 0.02;

const byRank = (a: VectorHit, b: VectorHit): number => b.score - a.score || a.key - b.key;

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function invalid(message: string, details: Readonly<Record<string, unknown>>): never {
  throw new AppError('input/invalid', message, { details });
}

function checkVector(vector: Float32Array): void {
  if (Math.abs(Math.sqrt(dot(vector, vector)) - 1) <= LENGTH_TOLERANCE) return; // false for NaN
  invalid(
    'A vector of this text is broken (not a number, or not of length 1). Index the document again.',
    {},
  );
}

/**
 * voy-search 0.6.3 under guard. Our own vectors are the truth: the tree, built at the first search, only names
 * candidates, and scores are recomputed. It cannot filter and forgets nothing: it is asked for more, or built anew.
 * Errors: input/unsupported (more than 768 dimensions).
 */
export async function createVoyIndex(dimension: number): Promise<VectorIndex> {
  if (!Number.isInteger(dimension) || dimension < 1) invalid('An index needs a dimension.', { dimension });
  if (dimension > VOY_MAX_DIMENSION)
    throw new AppError(
      'input/unsupported',
      `voy holds at most ${VOY_MAX_DIMENSION} numbers a vector, this model has ${dimension}. Choose another index.`,
    );
  const voy = await loadVoy();
  const distinct = createDistinct();
  const entryOf = new Map<number, Distinct>();
  const tree = createGuardedTree(voy, () => distinct.byId.values());
  let pending: Distinct[] = [];
  let unused = 0;

  function removeOne(key: number): void {
    const entry = entryOf.get(key);
    if (entry === undefined) return;
    entryOf.delete(key);
    entry.keys.delete(key);
    if (entry.keys.size === 0) unused += 1;
  }

  function addOne(key: number, vector: Float32Array): void {
    removeOne(key);
    const { entry, isNew } = distinct.put(vector, key);
    if (isNew) pending.push(entry);
    else if (entry.keys.size === 1) unused -= 1;
    entryOf.set(key, entry);
  }

  function makeReady(): void {
    if (tree.isBuilt && unused * 2 <= distinct.byId.size) tree.add(pending);
    else {
      distinct.sweep();
      unused = 0;
      tree.build();
    }
    pending = [];
  }

  function hitsOf(
    entries: Iterable<Distinct | undefined>,
    query: Float32Array,
    accepts: KeySet | undefined,
  ): VectorHit[] {
    const hits: VectorHit[] = [];
    for (const entry of entries) {
      if (entry === undefined) continue;
      const score = dot(entry.vector, query);
      for (const key of entry.keys) if (accepts === undefined || accepts.has(key)) hits.push({ key, score });
    }
    return hits;
  }

  function find(query: Float32Array, limit: number, accepts: KeySet | undefined): VectorHit[] {
    for (let count = limit + SPARE; count < distinct.byId.size / 2; count *= 4) {
      const entries = tree.nearest(query, count).map((id) => distinct.byId.get(id));
      const hits = hitsOf(entries, query, accepts);
      if (hits.length >= limit + SPARE / 2) return hits;
    }
    return hitsOf(distinct.byId.values(), query, accepts); // half of the tree: a scan is faster
  }

  return {
    kind: 'voy',
    dimension,
    get size() {
      return entryOf.size;
    },
    get bytes() {
      return voy.memory.buffer.byteLength + distinct.byId.size * dimension * 4;
    },
    add(keys, vectors) {
      if (vectors.length !== keys.length * dimension)
        invalid(`These vectors do not have ${dimension} numbers each.`, { numbers: vectors.length });
      const rows = Array.from(keys, (key, i) => {
        if (key >>> 0 !== key) invalid('A key of an index is a whole number of 32 bits.', { key });
        const vector = vectors.slice(i * dimension, (i + 1) * dimension);
        checkVector(vector);
        return { key, vector };
      });
      for (const { key, vector } of rows) addOne(key, vector);
    },
    remove(gone) {
      for (const key of gone) removeOne(key);
    },
    async search(query, limit, accepts) {
      if (query.length !== dimension)
        invalid(`The query has ${query.length} numbers, this index ${dimension}.`, { dimension });
      checkVector(query);
      makeReady();
      return find(query, limit, accepts).sort(byRank).slice(0, limit);
    },
  };
}
