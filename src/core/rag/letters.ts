/** A text for comparing letter by letter, and where each of its characters stood. */
export interface Letters {
  readonly text: string;
  /** UTF-16 offset in the original of each character of `text`, and the original's length behind the last. */
  readonly places: readonly number[];
}

const SINGLE = /[‘’‚‛′`´]/;
const DOUBLE = /[“”„‟″«»]/;
const DASH = /[‐‑‒–—―−]/;
/** Soft hyphens and characters without width: typesetting, not text. */
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/;

/**
 * Only what typesetting changes is made equal: white space of any kind and length is one space, typographic quotes and
 * dashes are the plain ones, and ligatures are their letters. Everything else stays as it is, letter by letter.
 */
export function lettersOf(original: string): Letters {
  let text = '';
  const places: number[] = [];
  const put = (characters: string, at: number): void => {
    for (let i = 0; i < characters.length; i++) places.push(at);
    text += characters;
  };
  for (let i = 0; i < original.length; i++) {
    const character = original.charAt(i);
    if (INVISIBLE.test(character)) continue;
    if (/\s/.test(character)) {
      if (!text.endsWith(' ')) put(' ', i);
    } else if (SINGLE.test(character)) put("'", i);
    else if (DOUBLE.test(character)) put('"', i);
    else if (DASH.test(character)) put('-', i);
    else if (/[\ufb00-\ufb06]/.test(character)) put(character.normalize('NFKC'), i);
    else put(character, i);
  }
  places.push(original.length);
  return { text, places };
}

/** Original offsets of characters [from, to) of the letters. */
export function originalRange(
  { places }: Letters,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  return { start: places[from] ?? 0, end: (places[to - 1] ?? -1) + 1 };
}

const isLetter = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);

/** The first place of `wanted` that does not begin or end within a word; -1 for none. */
export function indexOfWords(text: string, wanted: string, from = 0): number {
  for (let at = text.indexOf(wanted, from); at !== -1; at = text.indexOf(wanted, at + 1)) {
    const cutsFirst = isLetter(text.charAt(at - 1)) && isLetter(wanted.charAt(0));
    const end = at + wanted.length;
    const cutsLast = isLetter(text.charAt(end)) && isLetter(wanted.charAt(wanted.length - 1));
    if (!cutsFirst && !cutsLast) return at;
  }
  return -1;
}
