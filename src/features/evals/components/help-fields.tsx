import type { EvalWordings } from '#core/evals/index.ts';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import type { GridChoice } from '../evals-state.ts';

const WORDINGS: readonly (readonly [kind: EvalWordings, name: string, description: string])[] = [
  ['variants', 'Several wordings', 'written by the chat model'],
  ['hypothetical', 'HyDE', 'a made-up answer by the chat model'],
];

/** Help that takes a model of its own; each is compared with the search without it. */
export function HelpFields({
  controller,
  grid,
  disabled,
  hasReranker,
}: {
  readonly controller: EvalsController;
  readonly grid: GridChoice;
  readonly disabled: boolean;
  readonly hasReranker: boolean;
}) {
  const toggle = (kind: EvalWordings, isOn: boolean): void =>
    controller.setGrid({
      wordings: [
        undefined,
        ...WORDINGS.map(([other]) => other).filter((other) =>
          other === kind ? isOn : grid.wordings.includes(other),
        ),
      ],
    });
  return (
    <fieldset className={styles.modes} disabled={disabled}>
      <legend>Compared with and without</legend>
      <label>
        <input
          type="checkbox"
          disabled={!hasReranker}
          checked={grid.reranked.includes(true)}
          onChange={(event) =>
            controller.setGrid({ reranked: event.target.checked ? [false, true] : [false] })
          }
        />
        <span>Reranker</span>
        <span className={styles.muted}>
          {hasReranker ? 'reads the best passages once more' : 'none is on this device: see Models'}
        </span>
      </label>
      {WORDINGS.map(([kind, name, description]) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={grid.wordings.includes(kind)}
            onChange={(event) => toggle(kind, event.target.checked)}
          />
          <span>{name}</span>
          <span className={styles.muted}>{description}</span>
        </label>
      ))}
    </fieldset>
  );
}
