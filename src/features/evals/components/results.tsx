import { useState } from 'react';
import { type EvalDataset, METRICS, type MetricName } from '#core/evals/index.ts';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import { Select } from '#ui/select.tsx';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import type { EvalResult } from '../evals-state.ts';
import { IntervalPlot } from './interval-plot.tsx';
import { ResultTable } from './result-table.tsx';
import { WeakQuestions } from './weak-questions.tsx';

const isMetric = (value: string): value is MetricName => METRICS.some(({ name }) => name === value);

/** The figures as a plot and a table, what they were measured with, and the exports. */
export function Results({
  controller,
  result,
  dataset,
}: {
  readonly controller: EvalsController;
  readonly result: EvalResult;
  readonly dataset: EvalDataset;
}) {
  const [metric, setMetric] = useState<MetricName>('ndcg10');
  const { report, embedder, runs, dataset: facts, chunkerVersion, helpers } = result;
  return (
    <>
      <section className={styles.section} aria-label="Results">
        <div className={styles.sectionHead}>
          <h2>Results</h2>
          <Select
            label="Metric of the plot"
            hideLabel
            value={metric}
            options={METRICS.map(({ name, label }) => ({ value: name, label }))}
            onChange={(value) => isMetric(value) && setMetric(value)}
          />
        </div>
        <IntervalPlot settings={report.settings} metric={metric} />
        <ResultTable report={report} />
        <p className={styles.muted}>
          Means over {formatNumber(facts.judged)} questions and{' '}
          {facts.isOfPassages
            ? `${formatNumber(facts.chunks)} passages of your library`
            : `${formatNumber(facts.documents)} documents (${formatNumber(facts.chunks)} passages, chunker ${chunkerVersion ?? 'unknown'})`}
          , with the interval of {formatNumber(report.resampling.resamples)} bootstrap samples; p by the
          paired randomization test.{' '}
          {facts.isOfPassages ? 'Passages are ranked;' : 'A document stands where its best passage stands;'}{' '}
          nothing is held back below the floor.
          {embedder ? ` ${embedder.modelId}, ${embedder.dtype}, on ${embedder.runsOn}.` : ''}
          {helpers.reranker ? ` Reranked by ${helpers.reranker}.` : ''}
          {helpers.chatModel ? ` Wordings by ${helpers.chatModel}; its time is not counted.` : ''}
        </p>
        <div className={styles.actions}>
          <Button size="small" onClick={controller.downloadResult}>
            Download figures (JSON)
          </Button>
          <Button size="small" variant="quiet" onClick={controller.downloadRuns}>
            Rankings (TREC)
          </Button>
          {facts.isOfPassages ? null : (
            <Button size="small" variant="quiet" onClick={() => void controller.downloadPassages()}>
              Passages (JSONL)
            </Button>
          )}
        </div>
      </section>
      <WeakQuestions dataset={dataset} runs={runs} />
    </>
  );
}
