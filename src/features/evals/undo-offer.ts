import { toAppError } from '#shared/errors.ts';
import type { EvalsDependencies } from './evals-state.ts';

/** Says what was taken away, with a button that puts it back. */
export function createUndoOffer(notify: EvalsDependencies['notify']) {
  return function offerUndo(message: string, restore: () => Promise<void>): void {
    let back: (() => Promise<void>) | undefined = restore;
    notify(message, {
      label: 'Undo',
      onSelect: () => {
        back?.().catch((error: unknown) => notify(`Could not be restored: ${toAppError(error).message}`));
        back = undefined;
      },
      onGone: () => {
        back = undefined; // the copy held in memory goes with it
      },
    });
  };
}
