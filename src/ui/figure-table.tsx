import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './figure-table.module.css';

export interface FigureTableProps {
  /** What it is a table of, for those who hear it. */
  readonly label: string;
  /** A `thead` and a `tbody`; the first cell of a row is its `th`. */
  readonly children: ReactNode;
  /** Words in cells may take several lines. */
  readonly wraps?: boolean;
  readonly className?: string | undefined;
}

/** Figures side by side, to the right; scrolls sideways where there is no room for them. */
export function FigureTable({ label, children, wraps = false, className }: FigureTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className={styles.box} aria-label={label} tabIndex={0}>
      <table className={classNames(styles.table, className)} data-wraps={wraps || undefined}>
        {children}
      </table>
    </section>
  );
}
