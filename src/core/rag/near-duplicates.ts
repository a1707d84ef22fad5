import type { DocumentRecord } from '#core/ports/library-records.ts';
import { similarityOf } from './minhash.ts';

/** From here two documents are nearly the same: one is an edition, an export or a draft of the other. */
const NEARLY_SAME = 0.8;
/**
 * Bands of four numbers each: two documents are compared when one band is equal. Of pairs at 0.8 all but 10⁻⁷ are, of
 * pairs at 0.2 a twentieth (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4).
 */
const BAND_ROWS = 4;

/** The older document that a newer one is nearly the same as. */
export interface NearDuplicate {
  readonly of: string;
  readonly similarity: number;
}

type Compared = Pick<DocumentRecord, 'id' | 'addedAt' | 'signature' | 'keptBeside'>;

/**
 * A number for each band, of 30 bits, so that engines keep it as a plain integer. Bands that are not equal and have the same
 * number cost a comparison and change nothing.
 */
function bandsOf(signature: Uint32Array | undefined): readonly number[] {
  const bands: number[] = [];
  if (signature === undefined) return bands;
  for (let at = 0; at < signature.length; at += BAND_ROWS) {
    let band = at + 1;
    for (let i = at; i < at + BAND_ROWS; i++) {
      band = Math.imul(band ^ (signature[i] ?? 0), 0x9e3779b1);
      band ^= band >>> 15;
    }
    bands.push(band >>> 2);
  }
  return bands;
}

const isOlder = (a: Compared, b: Compared): boolean =>
  a.addedAt < b.addedAt || (a.addedAt === b.addedAt && a.id < b.id);

const isKept = (a: Compared, b: Compared): boolean =>
  (a.keptBeside?.includes(b.id) ?? false) || (b.keptBeside?.includes(a.id) ?? false);

/** Rows come anew from storage with every change of anything; what matters here seldom changes. */
function isSame(a: Compared | undefined, b: Compared): boolean {
  if (a === b) return true;
  if (a?.addedAt !== b.addedAt || a.keptBeside?.join() !== b.keptBeside?.join()) return false;
  const { signature } = a;
  if (signature === undefined || b.signature === undefined) return signature === b.signature;
  return signature.every((value, i) => value === b.signature?.[i]);
}

/** Which documents have a band in common: of nearly all bands there is one document only, which costs a number. */
function createBuckets() {
  const alone = new Map<number, string>();
  const shared = new Map<number, Set<string>>();
  return {
    add(band: number, id: string): void {
      const bucket = shared.get(band);
      const other = alone.get(band);
      if (bucket) bucket.add(id);
      else if (other === undefined) alone.set(band, id);
      else if (other !== id) {
        shared.set(band, new Set([other, id]));
        alone.delete(band);
      }
    },
    delete(band: number, id: string): void {
      if (alone.get(band) === id) alone.delete(band);
      const bucket = shared.get(band);
      bucket?.delete(id);
      if (bucket?.size === 0) shared.delete(band);
    },
    of(bands: readonly number[]): ReadonlySet<string> {
      const ids = new Set<string>();
      for (const band of bands) {
        const only = alone.get(band);
        if (only !== undefined) ids.add(only);
        for (const id of shared.get(band) ?? []) ids.add(id);
      }
      return ids;
    },
  };
}

/**
 * Finds documents that are nearly the same by locality-sensitive hashing of their signatures. Kept between calls: a call
 * compares what has changed since the one before, and what shares a band with it. Old rows without a signature match
 * nothing.
 */
export function createNearDuplicates(): (
  documents: readonly Compared[],
) => ReadonlyMap<string, NearDuplicate> {
  const records = new Map<string, Compared>();
  const buckets = createBuckets();
  let found: ReadonlyMap<string, NearDuplicate> = new Map();

  /** Takes a record out, or another in its place; returns whose nearest may be another now. */
  function change(id: string, next: Compared | undefined): ReadonlySet<string> {
    const before = bandsOf(records.get(id)?.signature);
    const after = bandsOf(next?.signature);
    for (const band of before) buckets.delete(band, id);
    for (const band of after) buckets.add(band, id);
    if (next) records.set(id, next);
    else records.delete(id);
    return before.length + after.length === 0
      ? new Set()
      : new Set([id, ...buckets.of([...before, ...after])]);
  }

  function nearestOlder(record: Compared): NearDuplicate | undefined {
    let best: NearDuplicate | undefined;
    if (record.signature === undefined) return undefined;
    for (const id of buckets.of(bandsOf(record.signature))) {
      const other = records.get(id);
      if (other?.signature === undefined || !isOlder(other, record) || isKept(other, record)) continue;
      const similarity = similarityOf(record.signature, other.signature);
      if (similarity >= NEARLY_SAME && similarity > (best?.similarity ?? 0)) best = { of: id, similarity };
    }
    return best;
  }

  return (documents) => {
    const ids = new Set(documents.map(({ id }) => id));
    const open = new Set<string>();
    const note = (touched: ReadonlySet<string>): void => {
      for (const id of touched) open.add(id);
    };
    for (const id of [...records.keys()]) if (!ids.has(id)) note(change(id, undefined));
    for (const record of documents)
      if (!isSame(records.get(record.id), record)) note(change(record.id, record));
    if (open.size === 0) return found;
    const next = new Map(found);
    for (const id of open) {
      const record = records.get(id);
      const nearest = record && nearestOlder(record);
      if (nearest) next.set(id, nearest);
      else next.delete(id);
    }
    found = next;
    return found;
  };
}
