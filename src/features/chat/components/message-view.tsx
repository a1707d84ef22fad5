import {
  ChevronLeft,
  ChevronRight,
  Copy,
  FastForward,
  FileText,
  Pencil,
  RefreshCw,
  Trash2,
} from 'lucide-react';
import { memo, type ReactNode, useCallback, useMemo, useState } from 'react';
import { textOf } from '#core/chat/index.ts';
import type { MessagePart, MessageRecord, SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Markdown, type SentenceMark } from '#ui/markdown.tsx';
import { TextArea } from '#ui/text-field.tsx';
import { Citation, placeOf } from './citation.tsx';
import styles from './message.module.css';
import { Reasoning } from './reasoning.tsx';

export interface MessageActions {
  readonly onCopy: (text: string) => void;
  readonly onRegenerate: (id: string) => void;
  readonly onContinue: (id: string) => void;
  readonly onEdit: (id: string, text: string) => void;
  readonly onDelete: (id: string) => void;
  readonly onShowSibling: (id: string) => void;
  readonly onOpenSource: (passage: SourcePassage, support: SentenceSupport | undefined) => void;
  /** Next steps for an error, by its code. */
  readonly errorActions: (message: MessageRecord) => ReactNode;
}

export interface MessageViewProps {
  readonly message: MessageRecord;
  /** Parts as they stream in, newer than the stored ones. */
  readonly liveParts: readonly MessagePart[] | undefined;
  /** This tab or another writes it now. */
  readonly isRunning: boolean;
  readonly siblings: readonly string[];
  readonly actions: MessageActions;
  /** What it waits for, in words. */
  readonly waitingFor: string;
}

export const MessageView = memo(function MessageView(props: MessageViewProps) {
  const { message, actions } = props;
  const [isEditing, setEditing] = useState(false);
  if (message.role === 'assistant') return <AnswerView {...props} />;
  const text = textOf(message);
  return (
    <article className={styles.user} aria-label="You">
      {isEditing ? (
        <EditForm
          text={text}
          onCancel={() => setEditing(false)}
          onSubmit={(changed) => {
            setEditing(false);
            actions.onEdit(message.id, changed);
          }}
        />
      ) : (
        <div className={styles.bubble}>{text}</div>
      )}
      <div className={styles.actions}>
        <Siblings {...props} />
        <IconButton label="Edit and ask again" icon={<Pencil />} onClick={() => setEditing(true)} />
        <IconButton label="Copy question" icon={<Copy />} onClick={() => actions.onCopy(text)} />
        <IconButton label="Delete question" icon={<Trash2 />} onClick={() => actions.onDelete(message.id)} />
      </div>
    </article>
  );
});

function Siblings({ message, siblings, actions }: MessageViewProps) {
  const index = siblings.indexOf(message.id);
  if (siblings.length < 2) return null;
  const go = (step: number) => {
    const id = siblings[index + step];
    if (id) actions.onShowSibling(id);
  };
  return (
    <span className={styles.siblings}>
      <IconButton
        label="Previous version"
        icon={<ChevronLeft />}
        disabled={index <= 0}
        onClick={() => go(-1)}
      />
      <span>
        {index + 1} / {siblings.length}
      </span>
      <IconButton
        label="Next version"
        icon={<ChevronRight />}
        disabled={index >= siblings.length - 1}
        onClick={() => go(1)}
      />
    </span>
  );
}

interface EditFormProps {
  readonly text: string;
  readonly onCancel: () => void;
  readonly onSubmit: (text: string) => void;
}

function EditForm({ text, onCancel, onSubmit }: EditFormProps) {
  const [draft, setDraft] = useState(text);
  return (
    <div className={styles.edit}>
      <TextArea
        label="Edit the question"
        hideLabel
        autoFocus
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            onSubmit(draft);
          }
        }}
      />
      <div className={styles.editActions}>
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" variant="primary" onClick={() => onSubmit(draft)}>
          Ask again
        </Button>
      </div>
    </div>
  );
}

/** Sentences without support, as ranges of the text that Markdown shows. */
function marksOf(supports: readonly SentenceSupport[]): readonly SentenceMark[] {
  return supports
    .filter(({ source }) => source === null)
    .map(({ start, end }) => ({ start, end, kind: 'unsupported' }));
}

function AnswerView(props: MessageViewProps) {
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
  const lastIndex = parts.length - 1;
  return (
    <article className={styles.answer} aria-label="Answer" aria-busy={isRunning} data-status={message.status}>
      {parts.map((part, index) => (
        <PartView
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever appended
          key={index}
          part={part}
          isStreaming={isRunning && index === lastIndex}
          renderCitation={passages.length > 0 ? renderCitation : undefined}
          marks={marks}
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
      <button type="button" onClick={() => actions.onContinue(message.id)}>
        Continue
      </button>
    </p>
  );
}

interface PartViewProps {
  readonly part: MessagePart;
  readonly isStreaming: boolean;
  readonly renderCitation: ((number: number) => ReactNode) | undefined;
  readonly marks: readonly SentenceMark[];
  readonly onOpenSource: MessageActions['onOpenSource'];
}

function PartView({ part, isStreaming, renderCitation, marks, onOpenSource }: PartViewProps) {
  switch (part.type) {
    case 'text':
      return (
        <Markdown
          text={part.text}
          isStreaming={isStreaming}
          sentenceMarks={marks}
          {...(renderCitation ? { renderCitation } : {})}
        />
      );
    case 'reasoning':
      return <Reasoning text={part.text} durationMs={part.durationMs} isStreaming={isStreaming} />;
    case 'notice':
      return <p className={styles.notice}>{part.text}</p>;
    case 'sources':
      return <SourceStrip passages={part.passages} leftOut={part.leftOut} onOpenSource={onOpenSource} />;
    case 'supports':
      return null;
  }
}

interface SourceStripProps {
  readonly passages: readonly SourcePassage[];
  readonly leftOut: number;
  readonly onOpenSource: MessageActions['onOpenSource'];
}

function SourceStrip({ passages, leftOut, onOpenSource }: SourceStripProps) {
  if (passages.length === 0) return null;
  return (
    <ol className={styles.sources} aria-label="Sources">
      {passages.map((passage) => (
        <li key={passage.number}>
          <button type="button" className={styles.source} onClick={() => onOpenSource(passage, undefined)}>
            <FileText aria-hidden />
            <span className={styles.sourceNumber}>{passage.number}</span>
            <span className={styles.sourcePlace}>{placeOf(passage)}</span>
          </button>
        </li>
      ))}
      {leftOut > 0 ? <li className={styles.leftOut}>{leftOut} did not fit into the prompt</li> : null}
    </ol>
  );
}
