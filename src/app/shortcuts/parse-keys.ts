export interface KeyChord {
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Lower case, as `KeyboardEvent.key` names it. */
  readonly key: string;
}

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey'>;

/** 'mod+shift+o' → its parts. A plus sign as the key itself is written 'plus'. */
export function parseKeys(keys: string): KeyChord {
  const parts = keys.toLowerCase().split('+');
  const last = parts.at(-1) ?? '';
  const named: Readonly<Record<string, string>> = { plus: '+', space: ' ', up: 'arrowup', down: 'arrowdown' };
  return {
    mod: parts.includes('mod'),
    shift: parts.includes('shift'),
    alt: parts.includes('alt'),
    key: named[last] ?? last,
  };
}

/** The letter on the key where the layout gives none that is written with Latin letters (Russian, Greek, ⌥ on Apple). */
function keyOf({ key, code }: KeyPress): string {
  const lower = key.toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (lower.length > 1 || /^[\x00-\x7f]$/.test(lower)) return lower;
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase() ?? lower;
}

/** `mod` is ⌘ on Apple and Ctrl elsewhere; the other of the two must not be held. */
export function matchesKeys(chord: KeyChord, press: KeyPress, isApple: boolean): boolean {
  const [mod, other] = isApple ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  if (mod !== chord.mod || other || press.altKey !== chord.alt || keyOf(press) !== chord.key) return false;
  // Whether '?' or '/' needs Shift is the layout's affair; for letters and named keys it is part of the chord.
  const isSign = chord.key.length === 1 && !/[a-z0-9 ]/.test(chord.key);
  return press.shiftKey === chord.shift || (isSign && !chord.shift);
}
