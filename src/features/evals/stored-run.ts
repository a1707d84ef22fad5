import * as v from 'valibot';
import { comparePaired, METRICS, type MetricName, type PairedTest } from '#core/evals/index.ts';
import type { EvalRunRecord } from '#core/ports/eval-records.ts';
import type { EvalResult } from './evals-state.ts';
import { resultJson } from './export-result.ts';

/** nDCG@10 of every question: what a later run is compared with, question by question. */
interface RunScores {
  readonly queryIds: readonly string[];
  /** By label of the setting, in the order of the questions. */
  readonly ndcg10: Readonly<Record<string, readonly number[]>>;
}

/** What is shown of a run: the figures of any age; scores only of runs that kept them. */
export type ShownResult = Pick<EvalResult, 'embedder' | 'helpers' | 'chunkerVersion' | 'report'> & {
  readonly dataset: Pick<EvalResult['dataset'], 'name' | 'documents' | 'chunks' | 'judged' | 'isOfPassages'>;
};

export interface EarlierRun {
  readonly id: string;
  readonly createdAt: number;
  /** Undefined: it was stored by another version and cannot be read here. */
  readonly result: ShownResult | undefined;
  readonly scores: RunScores | undefined;
  readonly record: EvalRunRecord;
}

const interval = v.object({ mean: v.number(), low: v.number(), high: v.number(), n: v.number() });
const metrics = v.object(
  Object.fromEntries(METRICS.map(({ name }) => [name, interval])) as Record<MetricName, typeof interval>,
);
const test = v.object({
  difference: interval,
  p: v.number(),
  wins: v.number(),
  losses: v.number(),
  ties: v.number(),
});
const setting = v.object({
  mode: v.picklist(['dense', 'lexical', 'hybrid']),
  weights: v.exactOptional(v.object({ dense: v.number(), lexical: v.number() })),
  mmrLambda: v.exactOptional(v.number()),
  wordings: v.exactOptional(v.picklist(['variants', 'hypothetical'])),
  isReranked: v.exactOptional(v.literal(true)),
});

const storedSchema = v.object({
  format: v.literal('benchtop-retrieval'),
  version: v.literal(1),
  dataset: v.object({
    name: v.string(),
    documents: v.number(),
    chunks: v.number(),
    judged: v.number(),
    isOfPassages: v.exactOptional(v.literal(true)),
  }),
  embedder: v.exactOptional(
    v.object({
      modelId: v.string(),
      dimension: v.number(),
      dtype: v.string(),
      runsOn: v.picklist(['webgpu', 'wasm']),
      fingerprint: v.string(),
    }),
  ),
  helpers: v.object({ reranker: v.exactOptional(v.string()), chatModel: v.exactOptional(v.string()) }),
  chunkerVersion: v.exactOptional(v.number()),
  resampling: v.object({ seed: v.number(), resamples: v.number() }),
  settings: v.array(
    v.object({
      label: v.string(),
      setting,
      metrics,
      queryMs: v.object({ p50: v.number(), p95: v.number() }),
    }),
  ),
  comparisons: v.array(
    v.object({
      base: v.string(),
      other: v.string(),
      metric: v.picklist(METRICS.map(({ name }) => name)),
      test,
    }),
  ),
  scores: v.exactOptional(
    v.object({ queryIds: v.array(v.string()), ndcg10: v.record(v.string(), v.array(v.number())) }),
  ),
});

/** The figures as they are exported, and the score of every question. */
export function storedResult(result: EvalResult): unknown {
  const [first] = result.runs;
  const scores: RunScores = {
    queryIds: first?.queries.map(({ queryId }) => queryId) ?? [],
    ndcg10: Object.fromEntries(
      result.runs.map(({ queries }, i) => [
        result.report.settings[i]?.label ?? '',
        queries.map((query) => query.metrics.ndcg10),
      ]),
    ),
  };
  return { ...JSON.parse(resultJson(result)), scores };
}

export function readRun(record: EvalRunRecord): EarlierRun {
  const { id, createdAt } = record;
  const parsed = v.safeParse(storedSchema, record.result);
  if (!parsed.success) return { id, createdAt, result: undefined, scores: undefined, record };
  const { dataset, embedder, helpers, chunkerVersion, resampling, settings, comparisons, scores } =
    parsed.output;
  const report = { settings, comparisons, resampling };
  return {
    id,
    createdAt,
    result: { dataset, embedder, helpers, chunkerVersion, report },
    scores,
    record,
  };
}

/** The setting with the highest mean of nDCG@10. */
export function bestOf({ report }: ShownResult) {
  return report.settings.reduce<(typeof report.settings)[number] | undefined>(
    (best, each) => (best === undefined || each.metrics.ndcg10.mean > best.metrics.ndcg10.mean ? each : best),
    undefined,
  );
}

export interface RunComparison {
  /** Questions that both were asked. */
  readonly questions: number;
  readonly rows: readonly { readonly base: string; readonly other: string; readonly test: PairedTest }[];
}

/**
 * The later run against the earlier, over the questions of both: every setting of both with itself; without any, the best of
 * each. Undefined where one of them kept no scores or no question is in both.
 */
export async function compareRuns(
  earlier: EarlierRun,
  later: EarlierRun,
): Promise<RunComparison | undefined> {
  if (!earlier.scores || !later.scores || !earlier.result || !later.result) return undefined;
  const there = new Set(later.scores.queryIds);
  const shared = earlier.scores.queryIds.filter((id) => there.has(id));
  if (shared.length === 0) return undefined;
  const scoresOf = ({ queryIds, ndcg10 }: RunScores, label: string): readonly number[] => {
    const byId = new Map(queryIds.map((id, i) => [id, ndcg10[label]?.[i] ?? 0]));
    return shared.map((id) => byId.get(id) ?? 0);
  };
  const labels = Object.keys(earlier.scores.ndcg10);
  const both = labels.filter((label) => later.scores && label in later.scores.ndcg10);
  const best = [bestOf(earlier.result)?.label ?? '', bestOf(later.result)?.label ?? ''] as const;
  const pairs = both.length > 0 ? both.map((label) => [label, label] as const) : [best];
  const { scores: before } = earlier;
  const { scores: after } = later;
  const rows: RunComparison['rows'][number][] = [];
  for (const [base, other] of pairs)
    rows.push({ base, other, test: await comparePaired(scoresOf(before, base), scoresOf(after, other)) });
  return { questions: shared.length, rows };
}
