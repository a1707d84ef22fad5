import type { EvalDataset } from '#core/evals/index.ts';
import { Button } from '#ui/button.tsx';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import type { EvalResult } from '../evals-state.ts';
import { Figures } from './figures.tsx';
import { WeakQuestions } from './weak-questions.tsx';

/** The figures, their exports, and the questions that are answered worst. */
export function Results({
  controller,
  result,
  dataset,
}: {
  readonly controller: EvalsController;
  readonly result: EvalResult;
  readonly dataset: EvalDataset;
}) {
  const { runs, dataset: facts } = result;
  return (
    <>
      <section className={styles.section} aria-label="Results">
        <Figures title="Results" result={result} />
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
