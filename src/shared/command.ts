/** A command is data: menu, palette and shortcut come from one list. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Heading in the palette: 'Chat', 'Library', 'Models', 'View'. */
  readonly group: string;
  /** 'mod+k', 'mod+shift+o', 'escape', 'g c' is not supported. `mod` is ⌘ on Apple, Ctrl elsewhere. */
  readonly keys?: string;
  /** Absent = always. */
  readonly isAvailable?: () => boolean;
  readonly perform: () => void | Promise<void>;
}

export interface CommandGroup {
  readonly group: string;
  readonly commands: readonly Command[];
}

/** In the order in which groups and commands first appear. */
export function groupCommands(commands: readonly Command[]): readonly CommandGroup[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const known = groups.get(command.group);
    if (known) known.push(command);
    else groups.set(command.group, [command]);
  }
  return [...groups].map(([group, list]) => ({ group, commands: list }));
}
