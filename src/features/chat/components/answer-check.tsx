import { Maximize2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { textOf } from '#core/chat/index.ts';
import type { MessageRecord, SentenceSupport } from '#core/ports/chat-records.ts';
import { type AnswerCheck as Check, type CitedSpan, loadCheck } from '#core/rag/index.ts';
import { toAppError, toWire, type WireError } from '#shared/errors.ts';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { countsOf, summaryOf } from '../check-summary.ts';
import { citedSpansIn } from '../cited-spans.ts';
import styles from './answer-check.module.css';
import { CheckTable } from './check-table.tsx';
import type { MessageActions } from './message-view.tsx';

export interface AnswerCheckProps {
  readonly message: MessageRecord;
  readonly supportsOf: (message: MessageRecord, signal: AbortSignal) => Promise<readonly SentenceSupport[]>;
  readonly onOpenSource: MessageActions['onOpenSource'];
  readonly onClose: () => void;
}

interface Found {
  readonly check: Check;
  readonly supports: readonly SentenceSupport[];
}

const passagesOf = ({ parts }: MessageRecord) =>
  parts.flatMap((part) => (part.type === 'sources' ? part.passages : []));

function useCheck({ message, supportsOf }: AnswerCheckProps) {
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<WireError>();
  useEffect(() => {
    const abort = new AbortController();
    setFound(undefined);
    setError(undefined);
    const run = async (): Promise<Found> => {
      const [{ checkAnswer }, supports] = await Promise.all([loadCheck(), supportsOf(message, abort.signal)]);
      return { check: checkAnswer(textOf(message), passagesOf(message), supports), supports };
    };
    run().then(
      (done) => abort.signal.aborted || setFound(done),
      (reason: unknown) => abort.signal.aborted || setError(toWire(toAppError(reason))),
    );
    return () => abort.abort();
  }, [message, supportsOf]);
  return { found, error };
}

/** Every sentence of an answer with what the sources say to it; a passage opens the document at its span. */
export function AnswerCheck(props: AnswerCheckProps) {
  const { message, onOpenSource, onClose } = props;
  const { found, error } = useCheck(props);
  const [isWide, setWide] = useState(false);
  const passages = passagesOf(message);
  const open = (span: CitedSpan): void => {
    const passage = passages.find(({ number }) => number === span.source);
    if (!passage) return;
    const { start, end, source } = span;
    const support = { start: 0, end: 0, source, spanStart: start, spanEnd: end, score: 0 };
    const hits = citedSpansIn(passage.documentId, passages, found?.supports ?? [], { start, end });
    setWide(false);
    onOpenSource(passage, support, hits);
  };
  const table = found ? <CheckTable check={found.check} passages={passages} onOpen={open} /> : null;
  return (
    <article className={styles.check} aria-label="Check of the answer">
      <header className={styles.head}>
        <h2>Check of the answer</h2>
        <IconButton
          label="Show as a wide table"
          icon={<Maximize2 />}
          className={styles.widen ?? ''}
          onClick={() => setWide(true)}
        />
        <IconButton label="Close the check" icon={<X />} onClick={onClose} />
      </header>
      <p className={styles.summary} role="status">
        {found ? summaryOf(countsOf(found.check)) : error ? '' : 'Comparing with the sources…'}
      </p>
      {error ? <ErrorCard error={error} /> : null}
      {isWide ? null : table}
      <Dialog title="Check of the answer" open={isWide} onOpenChange={setWide} isWide>
        {table}
      </Dialog>
    </article>
  );
}
