import { ChevronsUpDown } from 'lucide-react';
import { useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';

interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

export interface SelectProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly SelectOption[];
  readonly className?: string;
  readonly disabled?: boolean;
}

/** The platform's own list: right on every device, with every screen reader, in no kilobytes. */
export function Select({ label, hideLabel, value, onChange, options, className, disabled }: SelectProps) {
  const id = useId();
  const chosen = options.find((option) => option.value === value);
  return (
    <div className={classNames(styles.field, className)}>
      {hideLabel ? null : (
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
      )}
      <div className={styles.selectBox}>
        <select
          id={id}
          className={classNames(styles.input, styles.select)}
          value={value}
          disabled={disabled}
          {...(hideLabel ? { 'aria-label': label } : {})}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronsUpDown aria-hidden />
      </div>
      {chosen?.description ? <p className={styles.description}>{chosen.description}</p> : null}
    </div>
  );
}
