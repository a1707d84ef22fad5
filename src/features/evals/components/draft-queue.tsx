import { useEffect, useRef, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { TextField } from '#ui/text-field.tsx';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import type { QuestionDraft } from '../evals-state.ts';

interface DraftProps {
  readonly controller: EvalsController;
  readonly draft: QuestionDraft;
  readonly left: number;
  readonly disabled: boolean;
  /** It is about to go, and its buttons with it. */
  readonly onDecided: () => void;
}

function Draft({ controller, draft, left, disabled, onDecided }: DraftProps) {
  const [text, setText] = useState(draft.text);
  return (
    <section className={styles.panel} aria-label="Drafted question" data-testid="draft">
      <TextField
        label={`Drafted by the chat model: does the passage answer it? (${left} to look at)`}
        maxLength={500}
        value={text}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
      />
      <p className={styles.muted}>{[draft.passage.documentName, ...draft.passage.headingPath].join(' › ')}</p>
      <p className={styles.candidateText}>{draft.passage.text.trim()}</p>
      <div className={styles.actions}>
        <Button
          variant="primary"
          disabled={disabled || text.trim() === ''}
          onClick={() => {
            onDecided();
            void controller.acceptDraft(draft, text);
          }}
        >
          Accept
        </Button>
        <Button
          disabled={disabled}
          onClick={() => {
            onDecided();
            controller.rejectDraft(draft.id);
          }}
        >
          Reject
        </Button>
      </div>
    </section>
  );
}

/** One draft after the other: none gets into the set without a look at its passage. */
export function DraftQueue({
  controller,
  drafts,
  disabled,
}: {
  readonly controller: EvalsController;
  readonly drafts: readonly QuestionDraft[];
  readonly disabled: boolean;
}) {
  const [draft] = drafts;
  const place = useRef<HTMLDivElement>(null);
  const decided = useRef<string>(undefined);
  const [isBegun, setBegun] = useState(false);
  // The next draft gets the focus, or the word that none is left: else the keyboard begins at the top of the page again.
  useEffect(() => {
    if (decided.current === undefined || decided.current === draft?.id) return;
    decided.current = undefined;
    (place.current?.querySelector('input') ?? place.current)?.focus();
  }, [draft?.id]);
  if (draft === undefined && !isBegun) return null;
  return (
    <div ref={place} tabIndex={-1}>
      {draft ? (
        <Draft
          key={draft.id}
          controller={controller}
          draft={draft}
          left={drafts.length}
          disabled={disabled}
          onDecided={() => {
            decided.current = draft.id;
            setBegun(true);
          }}
        />
      ) : (
        <p className={styles.muted}>All drafts are looked at.</p>
      )}
    </div>
  );
}
