import type { LessonFigure, LessonFigures, LessonReport } from '#core/ports/picture-teacher.ts';
import { Button } from '#ui/button.tsx';
import { FigureTable } from '#ui/figure-table.tsx';
import { formatNumber } from '#ui/format.ts';
import type { CaptionLessons } from '../caption-lessons.ts';
import styles from './caption-lessons.module.css';

const FIGURES: readonly { readonly name: keyof LessonFigures; readonly label: string }[] = [
  { name: 'recall1', label: 'The right picture comes first' },
  { name: 'recall5', label: 'It is among the first five' },
  { name: 'reciprocalRank', label: 'Mean of 1 / its place' },
];

const chance = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** What the figures say, in words that promise nothing else. */
function verdictInWords({ verdict, change }: LessonReport): string {
  const { better, worse, same, p } = change.reciprocalRank;
  const moved = `Of the held-out pictures ${formatNumber(better)} are found sooner, ${formatNumber(worse)} later, ${formatNumber(same)} as before (${chance(p)}).`;
  switch (verdict) {
    case 'better':
      return `It helps on pictures it has not seen, and that is unlikely to be chance. ${moved}`;
    case 'worse':
      return `It makes search worse. ${moved} Discard it.`;
    case 'unclear':
      return `No clear gain. ${moved} That is too little, or too likely chance, to keep it for; more captions may change that.`;
    case 'none':
      return 'Nothing was learned that helps: on the pictures that decide when to stop, no step was better than leaving everything as it is.';
  }
}

function Figure({ figure: { mean, low, high } }: { readonly figure: LessonFigure }) {
  return (
    <td>
      {mean.toFixed(3)}
      <span>
        {low.toFixed(3)}–{high.toFixed(3)}
      </span>
    </td>
  );
}

/** Before and after on pictures that were not learned from; keep or discard. */
export function LessonResult({
  report,
  lessons,
}: {
  readonly report: LessonReport;
  readonly lessons: CaptionLessons;
}) {
  const { split, before, after, verdict } = report;
  const isBetter = verdict === 'better';
  return (
    <section
      className={styles.section}
      aria-label="Result"
      data-testid="lesson-result"
      data-verdict={verdict}
    >
      <h3>On {formatNumber(split.pictures.test)} held-out pictures</h3>
      <FigureTable label="Before and after" wraps className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Search with a held-out caption</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {FIGURES.map(({ name, label }) => (
            <tr key={name} data-figure={name} data-before={before[name].mean} data-after={after[name].mean}>
              <th scope="row">{label}</th>
              <Figure figure={before[name]} />
              <Figure figure={after[name]} />
            </tr>
          ))}
        </tbody>
      </FigureTable>
      <p className={styles.verdict} role="status">
        {verdictInWords(report)}
      </p>
      <p className={styles.quiet}>
        Below each mean its 95 % interval. Learned from {formatNumber(split.captions.train)} captions of{' '}
        {formatNumber(split.pictures.train)} pictures, stopped by {formatNumber(split.pictures.validation)},
        measured with {formatNumber(split.captions.test)} captions of the others among all of them.
        {split.sharedCaptions > 0
          ? ` ${formatNumber(split.sharedCaptions)} captions of held-out pictures were left out: another picture has the same.`
          : ''}{' '}
        Best at step {formatNumber(report.bestStep)} of {formatNumber(report.steps)}.
      </p>
      <div className={styles.actions}>
        {verdict === 'none' ? null : (
          <Button variant={isBetter ? 'primary' : 'quiet'} onClick={() => void lessons.keep()}>
            {isBetter ? 'Keep it' : 'Keep it anyway'}
          </Button>
        )}
        <Button variant={isBetter ? 'secondary' : 'primary'} onClick={lessons.discard}>
          Discard it
        </Button>
      </div>
    </section>
  );
}
