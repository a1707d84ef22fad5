import { type Command, groupCommands } from '#shared/command.ts';
import { Kbd } from './kbd.tsx';
import styles from './shortcut-list.module.css';

/** Every key that does something, from the same commands as the palette and the menus. */
export function ShortcutList({ commands }: { readonly commands: readonly Command[] }) {
  const groups = groupCommands(commands.filter(({ keys }) => keys !== undefined));
  return (
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
  );
}
