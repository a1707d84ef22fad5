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

interface Entry {
  readonly record: Compared;
  readonly bands: readonly string[];
}

function bandsOf(signature: Uint32Array | undefined): readonly string[] {
  const bands: string[] = [];
  if (signature === undefined) return bands;
  for (let at = 0; at < signature.length; at += BAND_ROWS)
    bands.push(`${at} ${signature.subarray(at, at + BAND_ROWS).join(' ')}`);
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

/**
 * Finds documents that are nearly the same by locality-sensitive hashing of their signatures. Kept between calls: a call
 * costs what has changed since the one before, not the library. Old rows without a signature match nothing.
 */
export function createNearDuplicates(): (
  documents: readonly Compared[],
) => ReadonlyMap<string, NearDuplicate> {
  const entries = new Map<string, Entry>();
  const buckets = new Map<string, Set<string>>();
  let found: ReadonlyMap<string, NearDuplicate> = new Map();

  function take(id: string): void {
    for (const band of entries.get(id)?.bands ?? []) {
      const bucket = buckets.get(band);
      bucket?.delete(id);
      if (bucket?.size === 0) buckets.delete(band);
    }
    entries.delete(id);
  }

  function put(record: Compared): void {
    const bands = bandsOf(record.signature);
    entries.set(record.id, { record, bands });
    for (const band of bands) {
      const bucket = buckets.get(band) ?? new Set();
      bucket.add(record.id);
      buckets.set(band, bucket);
    }
  }

  function nearestOlder({ record, bands }: Entry): NearDuplicate | undefined {
    let best: NearDuplicate | undefined;
    const seen = new Set<string>();
    for (const band of bands)
      for (const id of buckets.get(band) ?? []) {
        const other = entries.get(id)?.record;
        if (seen.has(id) || other?.signature === undefined || !isOlder(other, record)) continue;
        seen.add(id);
        if (record.signature === undefined || isKept(other, record)) continue;
        const similarity = similarityOf(record.signature, other.signature);
        if (similarity >= NEARLY_SAME && similarity > (best?.similarity ?? 0)) best = { of: id, similarity };
      }
    return best;
  }

  return (documents) => {
    const ids = new Set(documents.map(({ id }) => id));
    let hasChanged = false;
    for (const id of [...entries.keys()])
      if (!ids.has(id)) {
        hasChanged ||= (entries.get(id)?.bands.length ?? 0) > 0;
        take(id);
      }
    for (const record of documents) {
      const before = entries.get(record.id)?.record;
      if (isSame(before, record)) continue;
      hasChanged ||= record.signature !== undefined || before?.signature !== undefined;
      take(record.id);
      put(record);
    }
    if (!hasChanged) return found;
    const next = new Map<string, NearDuplicate>();
    for (const [id, entry] of entries) {
      const nearest = nearestOlder(entry);
      if (nearest) next.set(id, nearest);
    }
    found = next;
    return found;
  };
}
