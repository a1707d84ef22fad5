import { METRICS, type MetricName, type SettingReport } from '#core/evals/index.ts';
import styles from '../evals.module.css';

const WIDTH = 640;
const ROW = 34;
const LABEL_WIDTH = 168;
const VALUE_WIDTH = 48;
const AXIS_HEIGHT = 38;
const TICKS = 5;

/** A range of whole tenths around all intervals, so that small differences can be seen and 0 is not pretended. */
function rangeOf(settings: readonly SettingReport[], metric: MetricName): readonly [number, number] {
  const low = Math.min(...settings.map(({ metrics }) => metrics[metric].low));
  const high = Math.max(...settings.map(({ metrics }) => metrics[metric].high));
  const from = Math.max(0, Math.floor(low * 10) / 10);
  return [from, Math.max(from + 0.1, Math.min(1, Math.ceil(high * 10) / 10))];
}

/** One row a setting: a dot at the mean, a line over its 95 % interval. The table beside it says the same in numbers. */
export function IntervalPlot({
  settings,
  metric,
}: {
  readonly settings: readonly SettingReport[];
  readonly metric: MetricName;
}) {
  const label = METRICS.find(({ name }) => name === metric)?.label ?? metric;
  const [from, to] = rangeOf(settings, metric);
  const right = WIDTH - VALUE_WIDTH;
  const x = (value: number): number => LABEL_WIDTH + ((value - from) / (to - from)) * (right - LABEL_WIDTH);
  const bottom = settings.length * ROW;
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => from + ((to - from) * i) / TICKS);
  return (
    <svg
      className={styles.plot}
      viewBox={`0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}`}
      role="img"
      aria-label={`${label} of each setting with its 95 % interval: ${settings
        .map(({ label: name, metrics }) => `${name} ${metrics[metric].mean.toFixed(3)}`)
        .join(', ')}`}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.gridLine} x1={x(tick)} x2={x(tick)} y1={0} y2={bottom} />
          <text className={styles.tick} x={x(tick)} y={bottom + 16} textAnchor="middle">
            {tick.toFixed(2)}
          </text>
        </g>
      ))}
      <text className={styles.tick} x={(LABEL_WIDTH + right) / 2} y={bottom + 34} textAnchor="middle">
        {label}, mean and 95 % interval
      </text>
      {settings.map(({ label: name, metrics }, i) => {
        const { mean, low, high } = metrics[metric];
        const y = i * ROW + ROW / 2;
        return (
          <g key={name}>
            <text className={styles.rowLabel} x={LABEL_WIDTH - 12} y={y + 4} textAnchor="end">
              {name}
            </text>
            <line className={styles.interval} x1={x(low)} x2={x(high)} y1={y} y2={y} />
            <circle className={styles.dot} cx={x(mean)} cy={y} r={5} />
            <text className={styles.value} x={WIDTH} y={y + 4} textAnchor="end">
              {mean.toFixed(3)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
