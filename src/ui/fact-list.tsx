import { Fragment } from 'react';
import styles from './fact-list.module.css';

export interface FactListProps {
  /** What it is, and how it stands: [`Time`, `About 3 minutes`]. */
  readonly facts: readonly (readonly [label: string, value: string])[];
}

/** What somebody should know before they say yes. */
export function FactList({ facts }: FactListProps) {
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
