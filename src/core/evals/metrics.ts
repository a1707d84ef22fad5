/** Grades of one query by document id; what is not in it counts as not relevant. */
export type Grades = ReadonlyMap<string, number>;

/** What is measured for a query, all of it between 0 and 1. */
export interface QueryMetrics {
  readonly ndcg10: number;
  readonly recall10: number;
  readonly recall100: number;
  readonly mrr10: number;
}

export type MetricName = keyof QueryMetrics;

export const METRICS: readonly { readonly name: MetricName; readonly label: string }[] = [
  { name: 'ndcg10', label: 'nDCG@10' },
  { name: 'recall10', label: 'Recall@10' },
  { name: 'recall100', label: 'Recall@100' },
  { name: 'mrr10', label: 'MRR@10' },
];

/** How far a ranking has to reach for all metrics. */
export const RANKING_DEPTH = 100;

const relevant = (grades: Grades): number => [...grades.values()].filter((grade) => grade > 0).length;

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, i) => sum + Math.max(0, gain) / Math.log2(i + 2), 0);
}

/**
 * Normalised discounted cumulated gain (Järvelin and Kekäläinen, TOIS 2002) as trec_eval's ndcg_cut computes it, which
 * BEIR takes through pytrec_eval: the gain is the grade itself (not 2^grade − 1), negative grades gain nothing, the
 * discount is log2(rank + 1), and the ideal ranking holds every judged document, found or not. 0 without a relevant one.
 * `ranking` is best first, no id twice.
 */
export function ndcgAt(k: number, ranking: readonly string[], grades: Grades): number {
  const ideal = [...grades.values()].sort((a, b) => b - a).slice(0, k);
  const best = discounted(ideal);
  if (best === 0) return 0;
  return discounted(ranking.slice(0, k).map((id) => grades.get(id) ?? 0)) / best;
}

/** Share of the relevant documents among the first k; 0 without a relevant one. */
export function recallAt(k: number, ranking: readonly string[], grades: Grades): number {
  const count = relevant(grades);
  if (count === 0) return 0;
  return ranking.slice(0, k).filter((id) => (grades.get(id) ?? 0) > 0).length / count;
}

/** 1 / rank of the first relevant document, 0 when it is not among the first k. */
export function reciprocalRankAt(k: number, ranking: readonly string[], grades: Grades): number {
  const at = ranking.slice(0, k).findIndex((id) => (grades.get(id) ?? 0) > 0);
  return at === -1 ? 0 : 1 / (at + 1);
}

export function measure(ranking: readonly string[], grades: Grades): QueryMetrics {
  return {
    ndcg10: ndcgAt(10, ranking, grades),
    recall10: recallAt(10, ranking, grades),
    recall100: recallAt(100, ranking, grades),
    mrr10: reciprocalRankAt(10, ranking, grades),
  };
}
