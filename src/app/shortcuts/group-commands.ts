import type { Command } from '#shared/command.ts';

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
