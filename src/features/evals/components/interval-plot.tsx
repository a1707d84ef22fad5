import { METRICS, type MetricName, type SettingReport } from '#core/evals/index.ts';
import styles from '../evals.module.css';

const TICKS = 5;

/** A range of whole tenths around all intervals, so that small differences can be seen and 0 is not pretended. */
function rangeOf(settings: readonly SettingReport[], metric: MetricName): readonly [number, number] {
  const low = Math.min(...settings.map(({ metrics }) => metrics[metric].low));
  const high = Math.max(...settings.map(({ metrics }) => metrics[metric].high));
  const from = Math.min(0.9, Math.max(0, Math.floor(low * 10) / 10)); // there is nothing above 1
  return [from, Math.max(from + 0.1, Math.min(1, Math.ceil(high * 10) / 10))];
}

/**
 * One row a setting: a dot at the mean, a line over its 95 % interval. The table beside it says the same in numbers. Not a
 * picture that is scaled: names of settings are long, and wrap where the page is narrow.
 */
export function IntervalPlot({
  settings,
  metric,
}: {
  readonly settings: readonly SettingReport[];
  readonly metric: MetricName;
}) {
  const label = METRICS.find(({ name }) => name === metric)?.label ?? metric;
  const [from, to] = rangeOf(settings, metric);
  const at = (value: number): string => `${((value - from) / (to - from)) * 100}%`;
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => from + ((to - from) * i) / TICKS);
  return (
    <div
      className={styles.plot}
      role="img"
      aria-label={`${label} of each setting with its 95 % interval: ${settings
        .map(({ label: name, metrics }) => `${name} ${metrics[metric].mean.toFixed(3)}`)
        .join(', ')}`}
    >
      {settings.map(({ label: name, metrics }) => {
        const { mean, low, high } = metrics[metric];
        return (
          <div key={name} className={styles.plotRow}>
            <span className={styles.rowLabel}>{name}</span>
            <span className={styles.track}>
              {ticks.map((tick) => (
                <i key={tick} className={styles.gridLine} style={{ left: at(tick) }} />
              ))}
              <i
                className={styles.interval}
                style={{ left: at(low), width: `${((high - low) / (to - from)) * 100}%` }}
              />
              <i className={styles.dot} style={{ left: at(mean) }} />
            </span>
            <span className={styles.value}>{mean.toFixed(3)}</span>
          </div>
        );
      })}
      <div className={styles.axis}>
        {ticks.map((tick) => (
          <span key={tick} style={{ left: at(tick) }}>
            {tick.toFixed(2)}
          </span>
        ))}
      </div>
      <p className={styles.axisLabel}>{label}, mean and 95 % interval</p>
    </div>
  );
}
