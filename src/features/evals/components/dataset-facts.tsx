import { type EvalDataset, judgedQueries } from '#core/evals/index.ts';
import { formatNumber } from '#ui/format.ts';
import styles from '../evals.module.css';
import type { EvalsState } from '../evals-state.ts';

const SHOWN = 5;

/** 'a, b, c and 12 more'. */
function named(ids: readonly string[]): string {
  const rest = ids.length - SHOWN;
  return `${ids.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${formatNumber(rest)} more` : ''}`;
}

function Note({ text, ids }: { readonly text: string; readonly ids: readonly string[] }) {
  return ids.length === 0 ? null : (
    <p className={styles.note}>
      {text} {named(ids)}
    </p>
  );
}

/** What is in the set, and what of it cannot be found by any search. */
export function DatasetFacts({
  dataset,
  problems,
  corpus,
  isOwn,
}: { readonly dataset: EvalDataset; readonly isOwn: boolean } & Pick<EvalsState, 'problems' | 'corpus'>) {
  const grades = [...dataset.judgements.values()].reduce((sum, { size }) => sum + size, 0);
  const facts: readonly (readonly [string, string])[] = [
    [isOwn ? 'Passages searched' : 'Documents', formatNumber(dataset.documents.length)],
    ['Questions', formatNumber(dataset.queries.length)],
    ['Scored', formatNumber(judgedQueries(dataset).length)],
    ['Judgements', formatNumber(grades)],
    ...(isOwn
      ? []
      : [['In the library', corpus ? `${formatNumber(corpus.chunks)} passages` : 'not yet'] as const]),
  ];
  return (
    <section className={styles.panel} aria-label="Question set">
      <h2>{dataset.name}</h2>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Note
        text="Judged, but not in the corpus; they count as missed:"
        ids={problems?.missingDocuments ?? []}
      />
      <Note text="Judged, but not among the questions:" ids={problems?.missingQueries ?? []} />
      <Note text="Could not be read; they count as missed:" ids={corpus?.unread ?? []} />
    </section>
  );
}
