import { toast } from '#ui/toast.tsx';

export interface Undo {
  readonly label: string;
  readonly onSelect: () => void;
  readonly onGone: () => void;
}

/** Says something at the foot of the page; with an action it is an undo. Returns what takes it away. Handed to every controller. */
export function notify(message: string, undo?: Undo): () => void {
  return toast(
    undo
      ? { message, action: { label: undo.label, onSelect: undo.onSelect }, onGone: undo.onGone }
      : { message },
  );
}
