import styles from './progress.module.css';

export interface MeterSegment {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly tone?: 'accent' | 'local' | 'leaves' | 'faint';
}

export interface MeterProps {
  readonly value: number;
  readonly max: number;
  readonly label: string;
  /** What the value is made of, left to right. */
  readonly segments?: readonly MeterSegment[];
}

export function Meter({ value, max, label, segments }: MeterProps) {
  const share = (part: number) => `${max > 0 ? Math.min(100, (part / max) * 100) : 0}%`;
  const parts: readonly MeterSegment[] = segments ?? [{ id: 'all', label, value, tone: 'accent' }];
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      className={styles.meter}
      data-full={max > 0 && value / max > 0.9 ? '' : undefined}
    >
      {parts.map((part) => (
        <div
          key={part.id}
          className={styles.segment}
          data-tone={part.tone ?? 'accent'}
          title={part.label}
          style={{ width: share(part.value) }}
        />
      ))}
    </div>
  );
}
