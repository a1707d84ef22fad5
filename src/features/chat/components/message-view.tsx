import { Copy, Pencil, Trash2 } from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
import { type CopyFormat, imagesOf, textOf } from '#core/chat/index.ts';
import type { MessagePart, MessageRecord, SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { TextArea } from '#ui/text-field.tsx';
import type { DocumentSpan } from '../cited-spans.ts';
import { AnswerView } from './answer-view.tsx';
import { AskedPictures, type PictureView } from './asked-pictures.tsx';
import styles from './message.module.css';
import { Siblings } from './siblings.tsx';

export interface MessageActions {
  readonly onCopy: (text: string) => void;
  readonly onRegenerate: (id: string) => void;
  readonly onContinue: (id: string) => void;
  readonly onEdit: (id: string, text: string) => void;
  readonly onDelete: (id: string) => void;
  readonly onShowSibling: (id: string) => void;
  /** With all spans of that document that the answer cites. */
  readonly onOpenSource: (
    passage: SourcePassage,
    support: SentenceSupport | undefined,
    hits: readonly DocumentSpan[],
  ) => void;
  readonly onCopyAs: (id: string, format: CopyFormat) => void;
  /** Makes a question for evaluation of it. */
  readonly onStar: (id: string) => void;
  /** Opens the table of its sentences. */
  readonly onCheck: (id: string) => void;
  readonly pictures: PictureView;
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
  const images = imagesOf(message);
  return (
    <article className={styles.user} aria-label="You">
      {images.length > 0 ? <AskedPictures images={images} view={actions.pictures} /> : null}
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
