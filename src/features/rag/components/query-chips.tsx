import { X } from 'lucide-react';
import { useMemo } from 'react';
import { parseQuery, type QueryTerm, withoutTerm } from '#core/rag/index.ts';
import styles from '../results.module.css';

const LABELS: Readonly<Record<QueryTerm['kind'], string>> = {
  phrase: 'exactly',
  type: 'type',
  in: 'in',
  after: 'added from',
  before: 'added before',
};

/** What of a query was understood as an exact phrase or a filter; each can be taken out again. */
export function QueryChips({
  query,
  onQuery,
}: {
  readonly query: string;
  readonly onQuery: (query: string) => void;
}) {
  const { text, terms } = useMemo(() => parseQuery(query), [query]);
  if (terms.length === 0) return null;
  return (
    <>
      <ul className={styles.chips} aria-label="Filters of this search">
        {terms.map((term) => {
          const value = term.kind === 'phrase' ? `“${term.value}”` : term.value;
          return (
            <li key={term.start} className={styles.chip} data-kind={term.kind}>
              <span className={styles.chipKind}>{LABELS[term.kind]}</span> {value}
              <button
                type="button"
                aria-label={`Remove ${LABELS[term.kind]} ${value}`}
                onClick={() => onQuery(withoutTerm(query, term))}
              >
                <X aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
      {text === '' ? <p className={styles.note}>Add a word to look for in these documents.</p> : null}
    </>
  );
}
