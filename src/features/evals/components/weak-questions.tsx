import type { EvalDataset, SettingRun } from '#core/evals/index.ts';
import { settingLabel } from '#core/evals/index.ts';
import { FigureTable } from '#ui/figure-table.tsx';
import styles from '../evals.module.css';

const SHOWN = 15;

/** The questions that are answered worst, setting by setting: where to look for what is wrong. */
export function WeakQuestions({
  dataset,
  runs,
}: {
  readonly dataset: EvalDataset;
  readonly runs: readonly SettingRun[];
}) {
  const texts = new Map(dataset.queries.map(({ id, text }) => [id, text]));
  const rows = (runs[0]?.queries ?? []).map(({ queryId }, i) => {
    const scores = runs.map(({ queries }) => queries[i]?.metrics.ndcg10 ?? 0);
    return { queryId, scores, sum: scores.reduce((total, score) => total + score, 0) };
  });
  const weakest = rows.sort((a, b) => a.sum - b.sum).slice(0, SHOWN);
  return (
    <section className={styles.section}>
      <h2>Weakest questions</h2>
      <FigureTable label="Weakest questions, nDCG@10">
        <thead>
          <tr>
            <th scope="col">Question</th>
            {runs.map(({ setting }) => (
              <th key={settingLabel(setting)} scope="col">
                {settingLabel(setting)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weakest.map(({ queryId, scores }) => (
            <tr key={queryId}>
              <th scope="row" className={styles.question}>
                {texts.get(queryId) ?? queryId}
              </th>
              {scores.map((score, i) => (
                <td key={settingLabel(runs[i]?.setting ?? { mode: 'hybrid' })} className={styles.figure}>
                  {score.toFixed(2)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </FigureTable>
    </section>
  );
}
