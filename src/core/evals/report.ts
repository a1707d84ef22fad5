import { METRICS, type MetricName } from './metrics.ts';
import type { SettingRun } from './run.ts';
import { type EvalSetting, settingLabel } from './settings.ts';
import {
  bootstrapInterval,
  comparePaired,
  type Interval,
  type PairedTest,
  RESAMPLING,
  type Resampling,
} from './significance.ts';

export interface SettingReport {
  readonly label: string;
  readonly setting: EvalSetting;
  readonly metrics: Readonly<Record<MetricName, Interval>>;
  /** Of one question, as it is asked on this machine. */
  readonly queryMs: { readonly p50: number; readonly p95: number };
}

interface Comparison {
  /** Labels of the two settings; the difference is `other` − `base`. */
  readonly base: string;
  readonly other: string;
  readonly metric: MetricName;
  readonly test: PairedTest;
}

/** The settings side by side, as they are shown and exported. */
export interface EvalReport {
  readonly settings: readonly SettingReport[];
  /** nDCG@10 of every setting against the best. */
  readonly comparisons: readonly Comparison[];
  readonly resampling: Resampling;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

export function reportOf(runs: readonly SettingRun[], resampling: Resampling = RESAMPLING): EvalReport {
  const settings = runs.map(({ setting, queries }): SettingReport => {
    const interval = (name: MetricName): Interval =>
      bootstrapInterval(
        queries.map(({ metrics }) => metrics[name]),
        resampling,
      );
    const took = queries.map(({ tookMs }) => tookMs);
    return {
      label: settingLabel(setting),
      setting,
      metrics: Object.fromEntries(METRICS.map(({ name }) => [name, interval(name)])) as Record<
        MetricName,
        Interval
      >,
      queryMs: { p50: percentile(took, 0.5), p95: percentile(took, 0.95) },
    };
  });
  return { settings, comparisons: comparisonsOf(runs, settings, resampling), resampling };
}

function comparisonsOf(
  runs: readonly SettingRun[],
  settings: readonly SettingReport[],
  resampling: Resampling,
): readonly Comparison[] {
  const scores = runs.map(({ queries }) => queries.map(({ metrics }) => metrics.ndcg10));
  const means = settings.map(({ metrics }) => metrics.ndcg10.mean);
  const best = means.indexOf(Math.max(...means));
  return settings.flatMap(({ label }, i): readonly Comparison[] =>
    i === best
      ? []
      : [
          {
            base: settings[best]?.label ?? '',
            other: label,
            metric: 'ndcg10',
            test: comparePaired(scores[best] ?? [], scores[i] ?? [], resampling),
          },
        ],
  );
}

/** One line a document as trec_eval reads it: query, Q0, document, rank, score, name. */
export function formatTrecRun({ setting, queries }: SettingRun): string {
  const name = settingLabel(setting).replace(/\s+/g, '-');
  return queries
    .flatMap(({ queryId, ranking }) =>
      ranking.map((id, i) => `${queryId} Q0 ${id} ${i + 1} ${ranking.length - i} ${name}\n`),
    )
    .join('');
}
