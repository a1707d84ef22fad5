import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './states.module.css';

export interface ErrorCardProps {
  readonly error: { readonly code: string; readonly message: string };
  /** The next steps, as buttons. */
  readonly actions?: ReactNode;
}

/** Sits where the thing is: what happened, why, and what to do next. */
export function ErrorCard({ error, actions }: ErrorCardProps) {
  return (
    <div role="alert" className={styles.error} data-code={error.code}>
      <CircleAlert aria-hidden />
      <div className={styles.errorBody}>
        <p>{error.message}</p>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
    </div>
  );
}
