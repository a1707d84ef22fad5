/** Rank constant of reciprocal rank fusion: 60, as in the paper. */
const RRF_K = 60;

export interface RankedHit {
  readonly key: number;
  readonly score: number;
}

export interface FusedHit {
  readonly key: number;
  /** Sum of 1 / (60 + rank) over the lists that have it; for order only. */
  readonly score: number;
  /** Score in the dense list: cosine similarity. */
  readonly dense?: number;
  /** Score in the lexical list: BM25+. */
  readonly lexical?: number;
}

/**
 * Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) of a dense and a lexical list, each best first. Best
 * first; ties go to the higher cosine, then to the lower key, so that the same lists always give the same order.
 */
export function fuse(dense: readonly RankedHit[], lexical: readonly RankedHit[]): readonly FusedHit[] {
  const fused = new Map<number, FusedHit>();
  const add = (list: readonly RankedHit[], name: 'dense' | 'lexical'): void => {
    for (const [rank, { key, score }] of list.entries()) {
      const before = fused.get(key) ?? { key, score: 0 };
      fused.set(key, { ...before, score: before.score + 1 / (RRF_K + rank + 1), [name]: score });
    }
  };
  add(dense, 'dense');
  add(lexical, 'lexical');
  return [...fused.values()].sort(
    (a, b) => b.score - a.score || (b.dense ?? -1) - (a.dense ?? -1) || a.key - b.key,
  );
}
