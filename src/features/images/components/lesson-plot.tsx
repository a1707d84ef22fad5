import { FigureTable } from '#ui/figure-table.tsx';
import type { Lesson } from '../caption-lessons.ts';
import styles from './caption-lessons.module.css';

const WIDTH = 640;
const HEIGHT = 200;
const LEFT = 52;
const RIGHT = 52;
const TOP = 8;
const BOTTOM = 40;
const TICKS = 4;
/** Losses of single batches jump: the line is their mean over so many steps, the dots are they themselves. */
const SMOOTH = 10;

/** Mean of the last `SMOOTH` losses at each step. */
function smoothed(losses: readonly number[]): readonly number[] {
  return losses.map((_, i) => {
    const part = losses.slice(Math.max(0, i - SMOOTH + 1), i + 1);
    return part.reduce((sum, loss) => sum + loss, 0) / part.length;
  });
}

const line = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

/** Loss of each step, and how well the validation pictures were found meanwhile. The table beside it says the same. */
export function LessonPlot({ lesson }: { readonly lesson: Lesson }) {
  const { losses, validations, report } = lesson;
  const last = Math.max(20, losses.at(-1)?.step ?? 0);
  const most = Math.max(0.1, ...losses.map(({ loss }) => loss));
  const right = WIDTH - RIGHT;
  const bottom = HEIGHT - BOTTOM;
  const x = (step: number): number => LEFT + (step / last) * (right - LEFT);
  const y = (loss: number): number => bottom - (loss / most) * (bottom - TOP);
  const found = (rank: number): number => bottom - rank * (bottom - TOP);
  const means = smoothed(losses.map(({ loss }) => loss));
  const shares = Array.from({ length: TICKS + 1 }, (_, i) => i / TICKS);
  const [first, end] = [losses[0], means.at(-1)];
  const words =
    first && end !== undefined
      ? `from ${first.loss.toFixed(3)} to ${end.toFixed(3)} in ${losses.length} steps`
      : 'no step yet';
  return (
    <svg
      className={styles.plot}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Loss of each step: ${words}`}
      data-testid="lesson-plot"
      data-steps={losses.length}
    >
      {shares.map((share) => (
        <g key={share}>
          <line className={styles.gridLine} x1={LEFT} x2={right} y1={found(share)} y2={found(share)} />
          <text x={LEFT - 8} y={found(share) + 4} textAnchor="end">
            {(share * most).toFixed(2)}
          </text>
          <text className={styles.validationText} x={right + 8} y={found(share) + 4}>
            {share.toFixed(2)}
          </text>
          <text x={x(share * last)} y={bottom + 16} textAnchor="middle">
            {Math.round(share * last)}
          </text>
        </g>
      ))}
      <text x={(LEFT + right) / 2} y={HEIGHT - 4} textAnchor="middle">
        step
      </text>
      {report ? (
        <line
          className={styles.bestLine}
          x1={x(report.bestStep)}
          x2={x(report.bestStep)}
          y1={TOP}
          y2={bottom}
        />
      ) : null}
      {losses.map(({ step, loss }) => (
        <circle key={step} className={styles.lossDot} cx={x(step)} cy={y(loss)} r={1.5} />
      ))}
      <polyline
        className={styles.lossLine}
        points={line(losses.map(({ step }, i) => [x(step), y(means[i] ?? 0)]))}
      />
      <polyline
        className={styles.validationLine}
        points={line(validations.map(({ step, reciprocalRank }) => [x(step), found(reciprocalRank)]))}
      />
    </svg>
  );
}

/** The same in numbers, at the steps after which the validation pictures were looked for. */
export function LessonTable({ lesson }: { readonly lesson: Lesson }) {
  const { losses, validations } = lesson;
  const means = smoothed(losses.map(({ loss }) => loss));
  return (
    <FigureTable label="Loss as a table" wraps className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Loss, mean of {SMOOTH}</th>
          <th scope="col">Validation pictures, mean 1 / place</th>
        </tr>
      </thead>
      <tbody>
        {validations.map(({ step, reciprocalRank }) => (
          <tr key={step}>
            <th scope="row">{step}</th>
            <td>{step === 0 ? '–' : (means[step - 1] ?? 0).toFixed(3)}</td>
            <td>{reciprocalRank.toFixed(3)}</td>
          </tr>
        ))}
      </tbody>
    </FigureTable>
  );
}
