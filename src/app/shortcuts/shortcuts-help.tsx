import type { Command } from '#shared/command.ts';
import { Dialog } from '#ui/dialog.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { groupCommands } from './group-commands.ts';
import styles from './shortcuts-help.module.css';

export interface ShortcutsHelpProps {
  readonly commands: readonly Command[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Every key that does something, from the same commands as the palette and the menus. */
export function ShortcutsHelp({ commands, open, onOpenChange }: ShortcutsHelpProps) {
  const groups = groupCommands(commands.filter(({ keys }) => keys !== undefined));
  return (
    <Dialog title="Keyboard" open={open} onOpenChange={onOpenChange} isWide>
      <div className={styles.groups}>
        {groups.map((entry) => (
          <section key={entry.group} aria-label={entry.group}>
            <h3 className={styles.group}>{entry.group}</h3>
            <dl>
              {entry.commands.map(({ id, label, keys = '' }) => (
                <div key={id} className={styles.row}>
                  <dt>{label}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
