import { Copy, FastForward, RefreshCw, Trash2 } from 'lucide-react';
import { type ReactNode, useCallback, useMemo } from 'react';
import { textOf } from '#core/chat/index.ts';
import type { MessagePart, MessageRecord, SentenceSupport } from '#core/ports/chat-records.ts';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { SentenceMark } from '#ui/markdown.tsx';
import { AnswerFigures } from './answer-figures.tsx';
import { Citation } from './citation.tsx';
import styles from './message.module.css';
import type { MessageViewProps } from './message-view.tsx';
import { PartView } from './part-view.tsx';
import { Siblings } from './siblings.tsx';

/** Sentences without support, as ranges of the text that Markdown shows. */
function marksOf(supports: readonly SentenceSupport[]): readonly SentenceMark[] {
  return supports
    .filter(({ source }) => source === null)
    .map(({ start, end }) => ({ start, end, kind: 'unsupported' }));
}

/** The marks of each part, by its index: offsets count in the whole text, whose parts stand two characters apart. */
function marksByPart(
  parts: readonly MessagePart[],
  marks: readonly SentenceMark[],
): readonly (readonly SentenceMark[])[] {
  let offset = 0;
  return parts.map((part) => {
    if (part.type !== 'text') return NO_MARKS;
    const [from, to] = [offset, offset + part.text.length];
    offset = to + 2;
    const within = marks.filter(({ start, end }) => start < to && end > from);
    return within.map((mark) => ({
      ...mark,
      start: Math.max(0, mark.start - from),
      end: Math.min(to, mark.end) - from,
    }));
  });
}
const NO_MARKS: readonly SentenceMark[] = [];

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
  const marks = useMemo(() => marksOf(supports), [supports]);
  const partMarks = useMemo(() => marksByPart(parts, marks), [parts, marks]);
  const { onOpenSource } = actions;
  const renderCitation = useCallback(
    (number: number): ReactNode => {
      const passage = passages.find((other) => other.number === number);
      if (passage === undefined) return `[${number}]`;
      const support = supports.find(({ source }) => source === number);
      return <Citation passage={passage} support={support} onOpen={() => onOpenSource(passage, support)} />;
    },
    [passages, supports, onOpenSource],
  );
  const text = textOf({ parts });
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
          marks={partMarks[index] ?? NO_MARKS}
          onOpenSource={onOpenSource}
        />
      ))}
      {isRunning && text === '' ? <p className={styles.waiting}>{waitingFor}</p> : null}
      {marks.length > 0 ? (
        <p className={styles.legend}>
          <mark>Dotted</mark> sentences were not found in your documents.
        </p>
      ) : null}
      <Outcome {...props} />
      {isRunning ? null : (
        <div className={styles.actions}>
          <Siblings {...props} />
          <IconButton label="Copy answer" icon={<Copy />} onClick={() => actions.onCopy(text)} />
          <IconButton
            label="Answer again"
            icon={<RefreshCw />}
            onClick={() => actions.onRegenerate(message.id)}
          />
          {text === '' ? null : (
            <IconButton
              label="Continue"
              icon={<FastForward />}
              onClick={() => actions.onContinue(message.id)}
            />
          )}
          <IconButton label="Delete answer" icon={<Trash2 />} onClick={() => actions.onDelete(message.id)} />
          <AnswerFigures message={message} />
        </div>
      )}
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
