import styles from './progress.module.css';

export interface ProgressBarProps {
  /** 0 to 1; undefined = how much there is to do is not known. */
  readonly value: number | undefined;
  readonly label: string;
}

export function ProgressBar({ value, label }: ProgressBarProps) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === undefined ? {} : { 'aria-valuenow': percent })}
      className={styles.track}
      data-unknown={percent === undefined ? '' : undefined}
    >
      <div className={styles.fill} style={percent === undefined ? {} : { width: `${percent}%` }} />
    </div>
  );
}
