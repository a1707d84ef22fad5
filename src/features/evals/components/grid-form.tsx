import { useState } from 'react';
import { RETRIEVAL_MODES, type RetrievalMode, settingsOf } from '#core/evals/index.ts';
import { formatNumber } from '#ui/format.ts';
import { TextField } from '#ui/text-field.tsx';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import type { GridChoice } from '../evals-state.ts';
import { formatShares, parseShares } from '../number-list.ts';
import { HelpFields } from './help-fields.tsx';

const MODES: Readonly<Record<RetrievalMode, readonly [label: string, description: string]>> = {
  dense: ['Dense', 'by meaning: vectors'],
  lexical: ['Lexical', 'by words: BM25+'],
  hybrid: ['Hybrid', 'both, fused by rank'],
};

interface SharesFieldProps {
  readonly label: string;
  readonly description: string;
  readonly values: readonly (number | undefined)[];
  readonly mayBeOff: boolean;
  readonly disabled: boolean;
  readonly onChange: (values: readonly (number | undefined)[]) => void;
}

/** A list of numbers from 0 to 1; what cannot be read is said and changes nothing. */
function SharesField({ label, description, values, mayBeOff, disabled, onChange }: SharesFieldProps) {
  const [text, setText] = useState(formatShares(values));
  const parsed = parseShares(text);
  const isGood = parsed !== undefined && (mayBeOff || !parsed.includes(undefined));
  return (
    <TextField
      label={label}
      description={description}
      value={text}
      disabled={disabled}
      inputMode="text"
      {...(isGood ? {} : { error: `Numbers from 0 to 1, divided by commas${mayBeOff ? ', or “off”' : ''}.` })}
      onChange={(event) => {
        setText(event.target.value);
        const next = parseShares(event.target.value);
        if (next && (mayBeOff || !next.includes(undefined))) onChange(next);
      }}
    />
  );
}

/** Which settings are compared: every mode with every weight and λ. */
export function GridForm({
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
  const count = settingsOf(grid).length;
  const toggle = (mode: RetrievalMode, isOn: boolean): void =>
    controller.setGrid({
      modes: RETRIEVAL_MODES.filter((other) => (other === mode ? isOn : grid.modes.includes(other))),
    });
  return (
    <section className={styles.panel} aria-label="Settings to compare">
      <h2>Settings to compare</h2>
      <fieldset className={styles.modes} disabled={disabled}>
        <legend>Modes</legend>
        {RETRIEVAL_MODES.map((mode) => (
          <label key={mode}>
            <input
              type="checkbox"
              checked={grid.modes.includes(mode)}
              onChange={(event) => toggle(mode, event.target.checked)}
            />
            <span>{MODES[mode][0]}</span>
            <span className={styles.muted}>{MODES[mode][1]}</span>
          </label>
        ))}
      </fieldset>
      <SharesField
        label="Share of meaning in hybrid"
        description="0.5 weighs both lists alike. Several are compared: 0.3, 0.5, 0.7"
        values={grid.denseShares}
        mayBeOff={false}
        disabled={disabled}
        onChange={(values) =>
          controller.setGrid({ denseShares: values.filter((value) => value !== undefined) })
        }
      />
      <SharesField
        label="Diversity λ"
        description="1 is relevance alone, lower prefers passages that say something new. “off” leaves it out."
        values={grid.mmrLambdas}
        mayBeOff
        disabled={disabled}
        onChange={(mmrLambdas) => controller.setGrid({ mmrLambdas })}
      />
      <HelpFields controller={controller} grid={grid} disabled={disabled} hasReranker={hasReranker} />
      <p className={styles.muted}>
        {formatNumber(count)} {count === 1 ? 'setting' : 'settings'}
      </p>
    </section>
  );
}
