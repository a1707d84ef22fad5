import type { SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import { clockOf } from '#shared/clock.ts';
import { Popover } from '#ui/popover.tsx';
import { openedSpan } from '../cited-spans.ts';
import styles from './message.module.css';

export interface CitationProps {
  readonly passage: SourcePassage;
  /** The span that supports the sentence, where code found one. */
  readonly support: SentenceSupport | undefined;
  readonly onOpen: () => void;
}

export function placeOf({ documentName, page, seconds, headingPath }: SourcePassage): string {
  return [
    documentName,
    ...(page === undefined ? [] : [`p. ${page}`]),
    ...(seconds === undefined ? [] : [`at ${clockOf(seconds)}`]),
    ...(page === undefined ? headingPath.slice(-1) : []),
  ].join(' · ');
}

/** A superscript chip: hover shows the passage, click opens the page. */
export function Citation({ passage, support, onOpen }: CitationProps) {
  const { start, end } = openedSpan(passage, support);
  const from = Math.max(0, start - passage.start);
  const to = Math.min(passage.text.length, end - passage.start);
  return (
    <Popover
      openOnHover
      pressCloses
      label={`Source ${passage.number}`}
      trigger={
        <button
          type="button"
          className={styles.citation}
          aria-label={`Source ${passage.number}: ${placeOf(passage)}`}
          onClick={onOpen}
        >
          {passage.number}
        </button>
      }
    >
      <p className={styles.citationPlace}>{placeOf(passage)}</p>
      <p className={styles.citationText}>
        {passage.text.slice(0, from)}
        <mark>{passage.text.slice(from, to)}</mark>
        {passage.text.slice(to)}
      </p>
    </Popover>
  );
}
