import { type ComponentProps, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { VisuallyHidden } from './visually-hidden.tsx';

interface FieldProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly description?: string;
  readonly error?: string;
}

function useField({ description, error }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const hint = error ?? description;
  return {
    id,
    hint: hint ? (
      <p id={hintId} className={error ? styles.error : styles.description}>
        {hint}
      </p>
    ) : null,
    aria: {
      ...(hint ? { 'aria-describedby': hintId } : {}),
      ...(error ? { 'aria-invalid': true as const } : {}),
    },
  };
}

function Label({ id, label, hideLabel }: { id: string; label: string; hideLabel: boolean | undefined }) {
  const element = (
    <label htmlFor={id} className={styles.label}>
      {label}
    </label>
  );
  return hideLabel ? <VisuallyHidden>{element}</VisuallyHidden> : element;
}

export type TextFieldProps = FieldProps & Omit<ComponentProps<'input'>, 'id'>;

export function TextField({ label, hideLabel, description, error, className, ...rest }: TextFieldProps) {
  const field = useField({
    label,
    ...(description ? { description } : {}),
    ...(error ? { error } : {}),
  });
  return (
    <div className={classNames(styles.field, className)}>
      <Label id={field.id} label={label} hideLabel={hideLabel} />
      <input id={field.id} className={styles.input} {...field.aria} {...rest} />
      {field.hint}
    </div>
  );
}

export type TextAreaProps = FieldProps & Omit<ComponentProps<'textarea'>, 'id'>;

export function TextArea({ label, hideLabel, description, error, className, ...rest }: TextAreaProps) {
  const field = useField({
    label,
    ...(description ? { description } : {}),
    ...(error ? { error } : {}),
  });
  return (
    <div className={classNames(styles.field, className)}>
      <Label id={field.id} label={label} hideLabel={hideLabel} />
      <textarea id={field.id} className={classNames(styles.input, styles.area)} {...field.aria} {...rest} />
      {field.hint}
    </div>
  );
}
