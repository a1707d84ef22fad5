import { useEffect, useState } from 'react';
import { FigureTable } from '#ui/figure-table.tsx';
import { questions } from '../counted.ts';
import styles from '../evals.module.css';
import { compareRuns, type EarlierRun, type RunComparison } from '../stored-run.ts';
import { chance, signed } from './result-table.tsx';

/** Computed in pieces, beside the page; only the pair that is chosen now counts. */
function useComparison(earlier: EarlierRun, later: EarlierRun): RunComparison | 'running' | undefined {
  const [done, setDone] = useState<{
    readonly key: string;
    readonly comparison: RunComparison | undefined;
  }>();
  const key = `${earlier.id} ${later.id}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a stored run does not change; it is read anew when another came
  useEffect(() => {
    let isWanted = true;
    void compareRuns(earlier, later).then((comparison) => isWanted && setDone({ key, comparison }));
    return () => {
      isWanted = false;
    };
  }, [key]);
  return done?.key === key ? done.comparison : 'running';
}

/** Two runs of one set, question by question. */
export function RunComparisonTable({
  earlier,
  later,
}: {
  readonly earlier: EarlierRun;
  readonly later: EarlierRun;
}) {
  const comparison = useComparison(earlier, later);
  if (comparison === 'running')
    return (
      <p className={styles.muted} role="status">
        Comparing…
      </p>
    );
  if (comparison === undefined)
    return (
      <p className={styles.note} role="status">
        These two cannot be compared: no question was asked in both, or one was stored before the scores of
        each question were kept.
      </p>
    );
  return (
    <>
      <p className={styles.muted} role="status">
        nDCG@10 of the later run less that of the earlier, over {questions(comparison.questions)} of both; p
        by the paired randomization test.
      </p>
      <FigureTable label="Two evaluations compared">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Difference</th>
            <th scope="col">Better on</th>
            <th scope="col">Worse on</th>
            <th scope="col">Same</th>
          </tr>
        </thead>
        <tbody>
          {comparison.rows.map(({ base, other, test }) => (
            <tr key={`${base} ${other}`} data-testid="run-difference">
              <th scope="row">{base === other ? base : `${other} to ${base}`}</th>
              <td className={styles.figure}>
                {signed(test.difference.mean)}
                <span>
                  {signed(test.difference.low)} to {signed(test.difference.high)}, {chance(test.p)}
                </span>
              </td>
              <td className={styles.figure}>{test.wins}</td>
              <td className={styles.figure}>{test.losses}</td>
              <td className={styles.figure}>{test.ties}</td>
            </tr>
          ))}
        </tbody>
      </FigureTable>
    </>
  );
}
