import { type ReactNode, useId } from 'react';
import styles from './choice-group.module.css';
import { classNames } from './class-names.ts';

interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly description?: ReactNode;
}

export interface ChoiceGroupProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
  /** Side by side, for two or three short ones. */
  readonly isRow?: boolean;
}

/** One of a few, all in sight. The platform's radio buttons: arrows, forms and screen readers work as everywhere. */
export function ChoiceGroup<T extends string>(props: ChoiceGroupProps<T>) {
  const { label, value, choices, onChange, isRow = false } = props;
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      <div className={classNames(styles.choices, isRow && styles.row)}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles.choice}>
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>
              <span className={styles.label}>{choice.label}</span>
              {choice.description ? <span className={styles.description}>{choice.description}</span> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
