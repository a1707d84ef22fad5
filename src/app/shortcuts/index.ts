export { bindShortcuts } from './bind-shortcuts.ts';
export { ShortcutsHelp, type ShortcutsHelpProps } from './lazy-help.tsx';
export { runCommand } from './run-command.ts';
