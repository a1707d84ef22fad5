import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import { bestOf, type EarlierRun } from '../stored-run.ts';
import { Figures } from './figures.tsx';
import { RunComparisonTable } from './run-comparison.tsx';

const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const dateOf = ({ createdAt }: EarlierRun): string => dates.format(createdAt);

/** 'Dense, Hybrid: best Hybrid, nDCG@10 0.713 (0.601–0.820)'. */
function inWords({ result }: EarlierRun): string {
  const best = result && bestOf(result);
  if (!result || !best) return 'Stored by another version; its figures cannot be read here.';
  const { mean, low, high } = best.metrics.ndcg10;
  const [head, ...more] = result.report.settings.map(({ label }) => label);
  const settings = more.length > 2 ? `${head} and ${more.length} more` : [head, ...more].join('; ');
  const which = more.length > 0 ? ` with ${best.label}` : '';
  return `${settings} · nDCG@10 ${mean.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})${which}`;
}

interface RunRowProps {
  readonly controller: EvalsController;
  readonly run: EarlierRun;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly onOpen: () => void;
  readonly onChoose: () => void;
}

function RunRow({ controller, run, isOpen, isChosen, onOpen, onChoose }: RunRowProps) {
  const date = dateOf(run);
  return (
    <li data-testid="earlier-run">
      <input
        type="checkbox"
        aria-label={`Compare ${date}`}
        checked={isChosen}
        disabled={run.result === undefined}
        onChange={onChoose}
      />
      <p>
        {date}
        <span className={styles.muted}>
          {run.result ? `${run.result.dataset.name} · ` : ''}
          {inWords(run)}
        </span>
      </p>
      <Button
        size="small"
        variant="quiet"
        aria-expanded={isOpen}
        aria-label={`${isOpen ? 'Close' : 'Open'} ${date}`}
        disabled={run.result === undefined}
        onClick={onOpen}
      >
        {isOpen ? 'Close' : 'Open'}
      </Button>
      <IconButton
        label={`Delete ${date}`}
        icon={<Trash2 />}
        onClick={() => void controller.removeRun(run.id)}
      />
    </li>
  );
}

/** What was measured with the open set before: to look at again, and to compare two of them. */
export function EarlierRuns({
  controller,
  runs,
}: {
  readonly controller: EvalsController;
  readonly runs: readonly EarlierRun[];
}) {
  const [openId, setOpenId] = useState<string>();
  const [chosenIds, setChosenIds] = useState<readonly string[]>([]);
  if (runs.length === 0) return null;
  const open = runs.find(({ id }) => id === openId);
  const [later, earlier] = runs.filter(({ id }) => chosenIds.includes(id)); // newest first
  return (
    <section className={styles.section} aria-label="Evaluations so far">
      <h2>Evaluations so far</h2>
      {runs.length > 1 ? <p className={styles.muted}>Mark two to compare them.</p> : null}
      <ul className={styles.sets}>
        {runs.map((run) => (
          <RunRow
            key={run.id}
            controller={controller}
            run={run}
            isOpen={run.id === openId}
            isChosen={chosenIds.includes(run.id)}
            onOpen={() => setOpenId(run.id === openId ? undefined : run.id)}
            onChoose={() =>
              // The two that were marked last.
              setChosenIds((old) =>
                old.includes(run.id) ? old.filter((id) => id !== run.id) : [...old, run.id].slice(-2),
              )
            }
          />
        ))}
      </ul>
      {earlier && later ? <RunComparisonTable earlier={earlier} later={later} /> : null}
      {open?.result ? <Figures key={open.id} title={dateOf(open)} result={open.result} /> : null}
    </section>
  );
}
