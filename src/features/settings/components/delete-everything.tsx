import { type FormEvent, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { TextField } from '#ui/text-field.tsx';
import type { SettingsController } from '../settings-controller.ts';
import type { SettingsState } from '../settings-state.ts';

const WORDS = 'delete everything';

/** Asks for the words to be typed: the one act of this program that cannot be taken back. */
export function DeleteEverything({
  controller,
  state,
  onClose,
}: {
  readonly controller: SettingsController;
  readonly state: SettingsState;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const isRunning = state.deletion === 'running';
  const isTyped = typed.trim().toLowerCase() === WORDS;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isTyped && !isRunning) void controller.deleteEverything();
  };
  if (state.deletion === 'done')
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title="Everything is deleted"
        description="Nothing of it is left here."
      >
        {null}
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !isRunning && onClose()}
      title="Delete everything?"
      description="All chats, documents, models and settings in this browser go. Export what you want to keep first."
      footer={
        <>
          <Button onClick={onClose} disabled={isRunning}>
            Cancel
          </Button>
          <Button variant="danger" type="submit" form="delete-everything" disabled={!isTyped || isRunning}>
            {isRunning ? 'Deleting…' : 'Delete everything'}
          </Button>
        </>
      }
    >
      <form id="delete-everything" onSubmit={submit}>
        <TextField
          label={`Type “${WORDS}” to go on`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={typed}
          disabled={isRunning}
          onChange={(event) => setTyped(event.target.value)}
        />
      </form>
      {state.deletionError ? <ErrorCard error={state.deletionError} /> : null}
    </Dialog>
  );
}
