import { Square, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import type { BookState } from '../chat-state.ts';
import styles from './whole.module.css';

export interface WholeActions {
  /** The document that the chat is about as a whole; `isOn` also while its name is not known yet. */
  readonly book: BookState | undefined;
  readonly isOn: boolean;
  readonly documents: () => Promise<readonly DocumentRecord[]>;
  readonly onAsk: (documentId: string) => void;
  readonly onLeave: () => void;
  readonly onStopReading: () => void;
}

function statusOf({ name, status, doneTokens = 0, totalTokens = 0, message = '' }: BookState): string {
  switch (status) {
    case 'reading':
      return `Reading ${name}: ${formatNumber(doneTokens)} of ${formatNumber(totalTokens)} tokens`;
    case 'read':
      return `${name} is read (${formatNumber(doneTokens)} tokens): questions start at once`;
    case 'stopped':
      return `Reading ${name} was stopped: the next question reads the rest`;
    case 'refused':
      return message;
    case 'waiting':
      return `${name} is read with the question`;
  }
}

/** Takes the whole document off again. */
export function WholeChip({ book, onLeave }: WholeActions) {
  return (
    <Button
      size="small"
      variant="quiet"
      icon={<X />}
      className={styles.chip ?? ''}
      title={`Ask without the whole of ${book?.name ?? 'the document'}`}
      onClick={onLeave}
    >
      {`Whole: ${book?.name ?? 'document'}`}
    </Button>
  );
}

/** How far the model has read the document. */
export function WholeReading({ book, onStopReading }: WholeActions) {
  if (book === undefined) return null;
  const { status, name, doneTokens = 0, totalTokens } = book;
  return (
    <div className={styles.reading} data-status={status} data-testid="whole-reading">
      <span role={status === 'refused' ? 'alert' : undefined}>{statusOf(book)}</span>
      {status === 'reading' ? (
        <>
          <ProgressBar value={totalTokens ? doneTokens / totalTokens : undefined} label={`Reading ${name}`} />
          <IconButton label="Stop reading" icon={<Square />} onClick={onStopReading} />
        </>
      ) : null}
    </div>
  );
}

/** Documents to choose one from. */
export function WholePicker({ documents, onAsk }: WholeActions) {
  const [listed, setListed] = useState<readonly DocumentRecord[]>([]);
  useEffect(() => {
    let isGone = false;
    documents().then(
      (found) => isGone || setListed(found),
      () => undefined, // a closed database is told to the user by whoever opened it
    );
    return () => {
      isGone = true;
    };
  }, [documents]);
  if (listed.length === 0) return null;
  return (
    <fieldset className={styles.documents}>
      <legend className={styles.heading}>Ask the whole document</legend>
      {listed.map(({ id, name }) => (
        <Button key={id} size="small" variant="quiet" title={name} onClick={() => onAsk(id)}>
          {name}
        </Button>
      ))}
    </fieldset>
  );
}
