import { Command as Cmdk, defaultFilter } from 'cmdk';
import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Command } from '#shared/command.ts';
import { BareDialog } from '#ui/bare-dialog.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { runCommand } from '../shortcuts/run-command.ts';
import styles from './command-palette.module.css';
import { rankCommands } from './rank-commands.ts';

export interface CommandPaletteProps {
  /** All that can be done, threads to jump to included. Those that are not available now are left out. */
  readonly commands: readonly Command[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const score = (text: string, query: string, keywords: readonly string[]): number =>
  defaultFilter(text, query, [...keywords]);

function Rows({
  commands,
  onChoose,
}: Pick<CommandPaletteProps, 'commands'> & { readonly onChoose: (command: Command) => void }) {
  const [query, setQuery] = useState('');
  const groups = rankCommands(commands, query, score);
  return (
    <Cmdk shouldFilter={false} loop vimBindings={false} label="Commands" className={styles.palette ?? ''}>
      <div className={styles.search}>
        <Search aria-hidden />
        <Cmdk.Input
          value={query}
          onValueChange={setQuery}
          placeholder="Type a command or the title of a chat"
          aria-label="Search commands"
        />
      </div>
      <Cmdk.List className={styles.list ?? ''} label="Commands">
        {groups.length === 0 ? <p className={styles.none}>Nothing is called “{query.trim()}”.</p> : null}
        {groups.map((entry) => (
          <Cmdk.Group key={entry.group} heading={entry.group} className={styles.group ?? ''}>
            {entry.commands.map((command) => (
              <Cmdk.Item
                key={command.id}
                value={command.id}
                className={styles.item ?? ''}
                onSelect={() => onChoose(command)}
              >
                <span className={styles.label}>{command.label}</span>
                {command.keys ? <Kbd keys={command.keys} /> : null}
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </Cmdk>
  );
}

/** Everything that can be done, by name. A command runs when the palette is gone, so that it finds the focus in place. */
export function Palette({ commands, open, onOpenChange }: CommandPaletteProps) {
  const chosen = useRef<Command>(undefined);
  return (
    <BareDialog
      label="Commands"
      open={open}
      onOpenChange={onOpenChange}
      onClosed={() => {
        const command = chosen.current;
        chosen.current = undefined;
        if (command) void runCommand(command);
      }}
    >
      <Rows
        commands={commands}
        onChoose={(command) => {
          chosen.current = command;
          onOpenChange(false);
        }}
      />
    </BareDialog>
  );
}
