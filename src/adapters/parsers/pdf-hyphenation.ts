const HYPHENATED = /(\p{L}+)([-\u2010\u00AD])$/u;
const CONTINUED = /^(\p{L}+)/u;

/** How the end of a line and the start of the next belong together. */
export interface Hyphenation {
  /** 'whole': the hyphen was only for the line end; 'compound': it belongs to the word; undefined: two words. */
  join(before: string, after: string): 'whole' | 'compound' | undefined;
}

/**
 * The document is its own dictionary: a word seen whole elsewhere is joined, one seen with its hyphen keeps it, two
 * halves that both stand alone elsewhere are a compound.
 */
export function createHyphenation(lines: readonly string[]): Hyphenation {
  const words = new Set<string>();
  for (const line of lines)
    for (const [word] of line
      .replace(HYPHENATED, '')
      .toLowerCase()
      .matchAll(/\p{L}+(?:-\p{L}+)*/gu))
      words.add(word);
  return {
    join(before, after) {
      const [, head = '', hyphen] = HYPHENATED.exec(before) ?? [];
      const tail = CONTINUED.exec(after)?.[1];
      if (hyphen === undefined || tail === undefined) return undefined;
      // A capital begins a name, unless the whole word is in capitals.
      const isCapitals = head === head.toUpperCase() && tail === tail.toUpperCase();
      if (!/^\p{Ll}/u.test(tail) && !(isCapitals && tail.length > 1)) return undefined;
      if (hyphen === '\u00AD') return 'whole';
      const [a, b] = [head.toLowerCase(), tail.toLowerCase()];
      if (words.has(a + b)) return 'whole';
      if (words.has(`${a}-${b}`)) return 'compound';
      return words.has(a) && words.has(b) ? 'compound' : 'whole';
    },
  };
}
