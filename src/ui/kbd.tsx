import styles from './kbd.module.css';

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES: Readonly<Record<string, string>> = isApple
  ? { mod: '⌘', shift: '⇧', alt: '⌥', enter: '↩', escape: 'esc' }
  : { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', enter: 'Enter', escape: 'Esc' };

/** 'mod+shift+o' as the keys of this machine. */
export function Kbd({ keys }: { readonly keys: string }) {
  const names = keys.split('+').map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key));
  return <kbd className={styles.kbd}>{names.join(isApple ? '' : '+')}</kbd>;
}
