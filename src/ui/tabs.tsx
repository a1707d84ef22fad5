import { Tabs as Base } from '@base-ui/react/tabs';
import styles from './tabs.module.css';

export interface TabsProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly tabs: readonly { readonly value: string; readonly label: string; readonly count?: number }[];
  /** Accessible name of the row. */
  readonly label?: string;
}

export function Tabs({ value, onChange, tabs, label = 'Sections' }: TabsProps) {
  return (
    <Base.Root value={value} onValueChange={(next: string) => onChange(next)}>
      <Base.List className={styles.list} aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className={styles.tab}>
            {tab.label}
            {tab.count === undefined ? null : <span className={styles.count}>{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
    </Base.Root>
  );
}
