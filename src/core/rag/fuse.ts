import { AppError } from '#shared/errors.ts';

/** Rank constant of reciprocal rank fusion: 60, as in the paper. */
export const RRF_K = 60;

export interface RankedHit {
  readonly key: number;
  readonly score: number;
}

export interface FusedHit {
  readonly key: number;
  /** Sum of weight / (60 + rank) over the lists that have it; for order only. */
  readonly score: number;
  /** Score in the dense list: cosine similarity. */
  readonly dense?: number;
  /** Score in the lexical list: BM25+. */
  readonly lexical?: number;
}

export interface FusionWeights {
  readonly dense: number;
  readonly lexical: number;
}

const EQUAL: FusionWeights = { dense: 1, lexical: 1 };

/**
 * Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) of a dense and a lexical list, each best first. Best
 * first; ties go to the higher cosine, then to the lower key, so that the same lists always give the same order. A list of
 * weight 0 adds nothing. Errors: input/invalid (a weight that is negative or not a number).
 */
export function fuse(
  dense: readonly RankedHit[],
  lexical: readonly RankedHit[],
  weights: FusionWeights = EQUAL,
): readonly FusedHit[] {
  const fused = new Map<number, FusedHit>();
  const add = (list: readonly RankedHit[], name: 'dense' | 'lexical'): void => {
    const weight = weights[name];
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new AppError('input/invalid', 'The weight of a list is a number from 0 up.', {
        details: { weight },
      });
    if (weight === 0) return;
    for (const [rank, { key, score }] of list.entries()) {
      const before = fused.get(key) ?? { key, score: 0 };
      fused.set(key, { ...before, score: before.score + weight / (RRF_K + rank + 1), [name]: score });
    }
  };
  add(dense, 'dense');
  add(lexical, 'lexical');
  return [...fused.values()].sort(
    (a, b) => b.score - a.score || (b.dense ?? -1) - (a.dense ?? -1) || a.key - b.key,
  );
}
