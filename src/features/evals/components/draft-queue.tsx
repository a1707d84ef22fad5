import { useState } from 'react';
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
}

function Draft({ controller, draft, left, disabled }: DraftProps) {
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
          onClick={() => void controller.acceptDraft(draft, text)}
        >
          Accept
        </Button>
        <Button disabled={disabled} onClick={() => controller.rejectDraft(draft.id)}>
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
  return draft ? (
    <Draft key={draft.id} controller={controller} draft={draft} left={drafts.length} disabled={disabled} />
  ) : null;
}
