import type { ComponentProps, ReactNode } from 'react';
import type { WireError } from '#shared/errors.ts';
import { Button } from './button.tsx';
import { ErrorCard } from './error-card.tsx';
import { formatNumber } from './format.ts';
import styles from './notices.module.css';

export interface NoticesProps {
  readonly children: ReactNode;
  /** No room below: what follows brings its own. */
  readonly isFlush?: boolean;
}

/** What goes on, what waits and what went wrong, above what a screen shows; nothing where there is nothing to say. */
export function Notices({ children, isFlush = false }: NoticesProps) {
  return (
    <div className={styles.notices} data-flush={isFlush || undefined}>
      {children}
    </div>
  );
}

export interface NoticeProps extends Omit<ComponentProps<'div'>, 'className' | 'style'> {
  /** Something was not taken: in the colour of what went wrong. */
  readonly isRefusal?: boolean;
}

/** A line with what can be done about it at its end. */
export function Notice({ isRefusal = false, ...rest }: NoticeProps) {
  return <div className={styles.notice} data-refusal={isRefusal || undefined} {...rest} />;
}

export interface TakingInProps {
  /** Files that are being taken in. */
  readonly count: number;
  /** Why the last were not taken. */
  readonly error: WireError | undefined;
  readonly onDismiss: () => void;
}

export function TakingIn({ count, error, onDismiss }: TakingInProps) {
  return (
    <>
      {count > 0 ? (
        <p className={styles.note} role="status">
          Taking in {formatNumber(count)} {count === 1 ? 'file' : 'files'}…
        </p>
      ) : null}
      {error ? (
        <ErrorCard
          error={error}
          actions={
            <Button size="small" onClick={onDismiss}>
              Dismiss
            </Button>
          }
        />
      ) : null}
    </>
  );
}

export interface ReasonsProps {
  readonly summary: string;
  readonly isOpen: boolean;
  /** A `Reason` a file. */
  readonly children: ReactNode;
  /** What can be done about all of them. */
  readonly forAll?: ReactNode;
}

/** Many files under one line, each with its reason: a folder of the wrong files must not push the right ones away. */
export function Reasons({ summary, isOpen, children, forAll }: ReasonsProps) {
  return (
    <details className={styles.reasons} open={isOpen}>
      <summary>{summary}</summary>
      <ul>{children}</ul>
      {forAll ? <div className={styles.all}>{forAll}</div> : null}
    </details>
  );
}

export interface ReasonProps {
  /** Left out where the message names the file. */
  readonly name?: string | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly actions?: ReactNode;
}

export function Reason({ name, error, actions }: ReasonProps) {
  return (
    <li data-code={error?.code}>
      <p>
        {name ? <strong>{name}</strong> : null} {error?.message}
      </p>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </li>
  );
}
