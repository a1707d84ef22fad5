import type { Command } from '#shared/command.ts';
import { Dialog } from '#ui/dialog.tsx';
import { ShortcutList } from '#ui/shortcut-list.tsx';

export interface ShortcutsHelpProps {
  readonly commands: readonly Command[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** The list of keys; "?" opens it. */
export function ShortcutsHelp({ commands, open, onOpenChange }: ShortcutsHelpProps) {
  return (
    <Dialog title="Keyboard" open={open} onOpenChange={onOpenChange} isWide>
      <ShortcutList commands={commands} />
    </Dialog>
  );
}
