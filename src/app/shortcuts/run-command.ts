import type { Command } from '#shared/command.ts';
import { isAbort, toAppError } from '#shared/errors.ts';
import { toast } from '#ui/toast.tsx';

export const isAvailable = (command: Command): boolean => command.isAvailable?.() ?? true;

/** Does what the command does; what goes wrong is said at the foot of the page. */
export async function runCommand(command: Command): Promise<void> {
  try {
    await command.perform();
  } catch (error) {
    if (!isAbort(error)) toast({ message: `${command.label}: ${toAppError(error).message}`, tone: 'danger' });
  }
}
