export { bindShortcuts } from './bind-shortcuts.ts';
export { ShortcutsHelp } from './lazy-help.tsx';
