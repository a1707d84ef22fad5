import type { CallOptions } from '#shared/call.ts';
import { percentile } from '#shared/percentile.ts';
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

/** All resampling takes seconds on a large set: it lets other work in, and stops with abort/by-user. */
export async function reportOf(
  runs: readonly SettingRun[],
  resampling: Resampling = RESAMPLING,
  options: CallOptions = {},
): Promise<EvalReport> {
  const settings: SettingReport[] = [];
  for (const { setting, queries } of runs) {
    const metrics: Partial<Record<MetricName, Interval>> = {};
    for (const { name } of METRICS) {
      const values = queries.map((query) => query.metrics[name]);
      metrics[name] = await bootstrapInterval(values, resampling, options);
    }
    const took = queries.map(({ tookMs }) => tookMs);
    settings.push({
      label: settingLabel(setting),
      setting,
      metrics: metrics as Record<MetricName, Interval>,
      queryMs: { p50: percentile(took, 0.5), p95: percentile(took, 0.95) },
    });
  }
  return { settings, comparisons: await comparisonsOf(runs, settings, resampling, options), resampling };
}

async function comparisonsOf(
  runs: readonly SettingRun[],
  settings: readonly SettingReport[],
  resampling: Resampling,
  options: CallOptions,
): Promise<readonly Comparison[]> {
  const scores = runs.map(({ queries }) => queries.map(({ metrics }) => metrics.ndcg10));
  const means = settings.map(({ metrics }) => metrics.ndcg10.mean);
  const best = means.indexOf(Math.max(...means));
  const comparisons: Comparison[] = [];
  for (const [i, { label }] of settings.entries()) {
    if (i === best) continue;
    comparisons.push({
      base: settings[best]?.label ?? '',
      other: label,
      metric: 'ndcg10',
      test: await comparePaired(scores[best] ?? [], scores[i] ?? [], resampling, options),
    });
  }
  return comparisons;
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
