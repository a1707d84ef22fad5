import { type EvalReport, type Interval, METRICS } from '#core/evals/index.ts';
import { FigureTable } from '#ui/figure-table.tsx';
import styles from '../evals.module.css';

/** 0.713 and its interval below it. */
function Figure({ interval: { mean, low, high } }: { readonly interval: Interval }) {
  return (
    <td className={styles.figure}>
      {mean.toFixed(3)}
      <span>
        {low.toFixed(3)}–{high.toFixed(3)}
      </span>
    </td>
  );
}

export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
export const chance = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

function Difference({ report, label }: { readonly report: EvalReport; readonly label: string }) {
  const comparison = report.comparisons.find(({ other }) => other === label);
  if (comparison === undefined)
    return <td className={styles.figure}>{report.settings.length > 1 ? 'best' : '–'}</td>;
  const { difference, p, wins, losses, ties } = comparison.test;
  return (
    <td
      className={styles.figure}
      title={`better on ${wins}, worse on ${losses}, the same on ${ties} questions`}
    >
      {signed(difference.mean)}
      <span>{chance(p)}</span>
    </td>
  );
}

/** Settings side by side: every metric with its interval, and how sure the difference to the best one is. */
export function ResultTable({ report }: { readonly report: EvalReport }) {
  return (
    <FigureTable label="Results as a table">
      <thead>
        <tr>
          <th scope="col">Setting</th>
          {METRICS.map(({ name, label }) => (
            <th key={name} scope="col">
              {label}
            </th>
          ))}
          <th scope="col">nDCG@10 to the best</th>
          <th scope="col">A question takes</th>
        </tr>
      </thead>
      <tbody>
        {report.settings.map(({ label, metrics, queryMs }) => (
          <tr key={label} data-testid="eval-setting">
            <th scope="row">{label}</th>
            {METRICS.map(({ name }) => (
              <Figure key={name} interval={metrics[name]} />
            ))}
            <Difference report={report} label={label} />
            <td className={styles.figure}>
              {queryMs.p50.toFixed(0)} ms
              <span>p95 {queryMs.p95.toFixed(0)} ms</span>
            </td>
          </tr>
        ))}
      </tbody>
    </FigureTable>
  );
}
