import type { ReactNode } from 'react';
import styles from './states.module.css';

export interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly actions?: ReactNode;
}

/** Teaches with one line and one action. */
export function EmptyState({ icon, title, text, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <div className={styles.emptyIcon} aria-hidden>
        {icon}
      </div>
      <h2 className={styles.emptyTitle}>{title}</h2>
      <p className={styles.emptyText}>{text}</p>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
