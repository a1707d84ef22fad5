import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { AnswerCheck, CheckedQuote, CheckedSentence, CitedSpan, Verdict } from '#core/rag/index.ts';
import { Badge, type BadgeProps } from '#ui/badge.tsx';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import styles from './answer-check.module.css';
import { placeOf } from './citation.tsx';

const VERDICTS: Readonly<Record<Verdict, { readonly label: string; readonly tone: BadgeProps['tone'] }>> = {
  supported: { label: 'Supported', tone: 'local' },
  partly: { label: 'Partly', tone: 'leaves' },
  none: { label: 'None', tone: 'danger' },
  'no-claim': { label: 'Not a claim', tone: 'neutral' },
};

// Narrow, the rows are cards; with `display` some browsers take the meaning of a table away: the roles keep it.
const ROLES = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

const OBJECTIONS = {
  'other-number': 'The nearest passage has another number.',
  contrary: 'The nearest passage says the contrary.',
} as const;

interface OpenProps {
  readonly passages: readonly SourcePassage[];
  readonly onOpen: (span: CitedSpan) => void;
}

function SpanButton({ span, passages, onOpen }: OpenProps & { readonly span: CitedSpan }) {
  const passage = passages.find(({ number }) => number === span.source);
  return (
    <button type="button" className={styles.span} onClick={() => onOpen(span)}>
      <span className={styles.place}>
        [{span.source}] {passage ? placeOf(passage) : ''}
      </span>
      <span className={styles.words}>{span.text.replace(/\s+/g, ' ')}</span>
    </button>
  );
}

function QuoteRow({ quote, ...open }: OpenProps & { readonly quote: CheckedQuote }) {
  if (quote.found) {
    const { source, start, end } = quote.found;
    return (
      <li className={styles.verified}>
        Word for word:{' '}
        <button type="button" onClick={() => open.onOpen({ source, start, end, text: quote.text })}>
          “{quote.text}”
        </button>
      </li>
    );
  }
  return (
    <li>
      Not in the sources: “{quote.text}”
      {quote.nearest ? (
        <>
          <span className={styles.nearest}>Nearest words</span>
          <SpanButton span={quote.nearest} {...open} />
        </>
      ) : null}
    </li>
  );
}

function Remarks({ sentence, ...open }: OpenProps & { readonly sentence: CheckedSentence }) {
  const { quotes, strange, objection } = sentence;
  if (quotes.length === 0 && strange.length === 0 && objection === undefined) return null;
  return (
    <ul className={styles.remarks}>
      {objection ? <li>{OBJECTIONS[objection]}</li> : null}
      {strange.length > 0 ? (
        <li>
          In no source:{' '}
          {strange.map(({ text, start }, i) => (
            <span key={start}>
              {i > 0 ? ', ' : ''}
              <mark>{text}</mark>
            </span>
          ))}
        </li>
      ) : null}
      {quotes.map((quote) => (
        <QuoteRow key={quote.start} quote={quote} {...open} />
      ))}
    </ul>
  );
}

function Row({ sentence, ...open }: OpenProps & { readonly sentence: CheckedSentence }) {
  const { verdict, passage, score } = sentence;
  const { label, tone } = VERDICTS[verdict];
  return (
    <tr {...ROLES.row} data-verdict={verdict}>
      <td {...ROLES.cell} className={styles.sentence}>
        {sentence.text}
        <Remarks sentence={sentence} {...open} />
      </td>
      <td {...ROLES.cell} className={styles.verdict}>
        <Badge {...(tone ? { tone } : {})}>{label}</Badge>
      </td>
      <td {...ROLES.cell} className={styles.passage}>
        {passage ? (
          <>
            {sentence.isNearest ? <span className={styles.nearest}>Nearest passage</span> : null}
            <SpanButton span={passage} {...open} />
          </>
        ) : (
          <VisuallyHidden>No passage</VisuallyHidden>
        )}
      </td>
      <td {...ROLES.cell} className={styles.score}>
        {score === undefined ? <VisuallyHidden>No score</VisuallyHidden> : score.toFixed(2)}
      </td>
    </tr>
  );
}

/** The sentences of an answer: support, passage, score. A table where there is room, cards where there is none. */
export function CheckTable({ check, ...open }: OpenProps & { readonly check: AnswerCheck }) {
  return (
    <div className={styles.frame}>
      <table {...ROLES.table} className={styles.table} data-testid="check-table">
        <caption>
          <VisuallyHidden>Sentences of the answer with their support in the sources</VisuallyHidden>
        </caption>
        <thead {...ROLES.rowgroup}>
          <tr {...ROLES.row}>
            {['Sentence', 'Support', 'Passage', 'Score'].map((heading) => (
              <th key={heading} {...ROLES.columnheader} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROLES.rowgroup}>
          {check.sentences.map((sentence) => (
            <Row key={sentence.start} sentence={sentence} {...open} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
