import { useState } from 'react';
import { METRICS, type MetricName } from '#core/evals/index.ts';
import { formatNumber } from '#ui/format.ts';
import { Select } from '#ui/select.tsx';
import { documents, passages, questions } from '../counted.ts';
import styles from '../evals.module.css';
import type { ShownResult } from '../stored-run.ts';
import { IntervalPlot } from './interval-plot.tsx';
import { ResultTable } from './result-table.tsx';

const isMetric = (value: string): value is MetricName => METRICS.some(({ name }) => name === value);

/** The figures as a plot and a table, and what they were measured with. */
export function Figures({ title, result }: { readonly title: string; readonly result: ShownResult }) {
  const [metric, setMetric] = useState<MetricName>('ndcg10');
  const { report, embedder, dataset: facts, chunkerVersion, helpers } = result;
  return (
    <>
      <div className={styles.sectionHead}>
        <h2>{title}</h2>
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
        Means over {questions(facts.judged)} and{' '}
        {facts.isOfPassages
          ? `${passages(facts.chunks)} of your library`
          : `${documents(facts.documents)} (${passages(facts.chunks)}, chunker ${chunkerVersion ?? 'unknown'})`}
        , with the interval of {formatNumber(report.resampling.resamples)} bootstrap samples; p by the paired
        randomization test.{' '}
        {facts.isOfPassages ? 'Passages are ranked;' : 'A document stands where its best passage stands;'}{' '}
        nothing is held back below the floor.
        {embedder ? ` ${embedder.modelId}, ${embedder.dtype}, on ${embedder.runsOn}.` : ''}
        {helpers.reranker ? ` Reranked by ${helpers.reranker}.` : ''}
        {helpers.chatModel ? ` Wordings by ${helpers.chatModel}; its time is not counted.` : ''}
      </p>
    </>
  );
}
