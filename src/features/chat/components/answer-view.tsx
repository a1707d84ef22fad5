import { type ReactNode, useCallback, useMemo } from 'react';
import { textOf } from '#core/chat/index.ts';
import type { MessagePart, MessageRecord, SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import type { Verification } from '#core/rag/index.ts';
import { ErrorCard } from '#ui/error-card.tsx';
import { citedSpansIn, openedSpan } from '../cited-spans.ts';
import { type CitedText, placeCitations, supportIndexOf } from '../placed-citations.ts';
import { AnswerActions } from './answer-actions.tsx';
import { Citation } from './citation.tsx';
import styles from './message.module.css';
import type { MessageViewProps } from './message-view.tsx';
import { PartView } from './part-view.tsx';
import { useVerification } from './use-verification.ts';

/** Text parts as they are shown; their offsets count in the whole text, whose parts stand two characters apart. */
function citedTexts(
  parts: readonly MessagePart[],
  supports: readonly SentenceSupport[],
  verification: Verification | undefined,
): readonly (CitedText | undefined)[] {
  let offset = 0;
  return parts.map((part) => {
    if (part.type !== 'text' || (supports.length === 0 && !verification)) return undefined;
    const cited = placeCitations(part.text, supports, offset, verification);
    offset += part.text.length + 2;
    return cited;
  });
}

/** An answer: its parts, how it ended, and what can be done with it. */
export function AnswerView(props: MessageViewProps) {
  const { message, liveParts, isRunning, actions, waitingFor } = props;
  const parts = liveParts ?? message.parts;
  const passages = useMemo(
    () => parts.flatMap((part) => (part.type === 'sources' ? part.passages : [])),
    [parts],
  );
  const supports = useMemo(
    () => parts.flatMap((part) => (part.type === 'supports' ? part.sentences : [])),
    [parts],
  );
  const text = textOf({ parts });
  const verification = useVerification(text, passages, isRunning);
  const cited = useMemo(() => citedTexts(parts, supports, verification), [parts, supports, verification]);
  const hasStrange =
    verification !== undefined &&
    (verification.strange.length > 0 || verification.quotes.some(({ found }) => !found));
  const hasUnsupported = supports.some(({ source }) => source === null);
  const openSource = useCallback(
    (passage: SourcePassage, support: SentenceSupport | undefined) => {
      const { documentId } = passage;
      const hits = citedSpansIn(documentId, passages, supports, openedSpan(passage, support));
      actions.onOpenSource(passage, support, hits);
    },
    [actions, passages, supports],
  );
  const renderCitation = useCallback(
    (number: number): ReactNode => {
      const index = supportIndexOf(number);
      const support =
        index === undefined ? supports.find(({ source }) => source === number) : supports[index];
      const passage = passages.find((other) => other.number === (support?.source ?? number));
      if (passage === undefined) return `[${number}]`;
      return <Citation passage={passage} support={support} onOpen={() => openSource(passage, support)} />;
    },
    [passages, supports, openSource],
  );
  const lastIndex = parts.findLastIndex(({ type }) => type === 'text' || type === 'reasoning');
  return (
    <article className={styles.answer} aria-label="Answer" aria-busy={isRunning} data-status={message.status}>
      {parts.map((part, index) => (
        <PartView
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever appended
          key={index}
          part={part}
          isStreaming={isRunning && index === lastIndex}
          renderCitation={passages.length > 0 ? renderCitation : undefined}
          cited={cited[index]}
          onOpenSource={openSource}
        />
      ))}
      {isRunning && text === '' ? <p className={styles.waiting}>{waitingFor}</p> : null}
      {hasUnsupported || hasStrange ? (
        <p className={styles.legend}>
          {hasUnsupported ? (
            <>
              <mark>Dotted</mark> sentences were not found in your documents.{' '}
            </>
          ) : null}
          {hasStrange ? (
            <>
              <mark data-kind="strange">Shaded</mark> numbers, names and quotes are in none of the sources.
            </>
          ) : null}
        </p>
      ) : null}
      <Outcome {...props} />
      {isRunning ? null : <AnswerActions {...props} hasSources={passages.length > 0} />}
    </article>
  );
}

const OUTCOMES: Partial<Record<MessageRecord['status'], string>> = {
  stopped: 'Stopped.',
  interrupted: 'Interrupted: the page was closed while this was written.',
};

function Outcome({ message, isRunning, actions }: MessageViewProps) {
  if (isRunning) return null;
  if (message.status === 'failed' && message.error)
    return <ErrorCard error={message.error} actions={actions.errorActions(message)} />;
  if (message.repeats)
    return (
      <p className={styles.outcome}>
        Answered before from the same passages ·{' '}
        <button type="button" onClick={() => actions.onRegenerate(message.id)}>
          Ask again
        </button>
      </p>
    );
  const text =
    OUTCOMES[message.status] ??
    (message.finishReason === 'length' ? 'The answer reached its length limit.' : undefined);
  if (text === undefined) return null;
  return (
    <p className={styles.outcome}>
      {text}{' '}
      {textOf(message) === '' ? (
        <button type="button" onClick={() => actions.onRegenerate(message.id)}>
          Answer now
        </button>
      ) : (
        <button type="button" onClick={() => actions.onContinue(message.id)}>
          Continue
        </button>
      )}
    </p>
  );
}
