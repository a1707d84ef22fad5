/** Codes below have a place in a table. */
const PLAIN = 128;

/** The letters that a word has, a bit each: 32 groups by their last five bits. */
export function lettersOf(codes: ArrayLike<number>, from: number, end: number): number {
  let letters = 0;
  for (let i = from; i < end; i++) letters |= 1 << ((codes[i] as number) & 31);
  return letters >>> 0;
}

export function codesOf(word: string): Uint16Array {
  const codes = new Uint16Array(word.length);
  for (let i = 0; i < word.length; i++) codes[i] = word.charCodeAt(i);
  return codes;
}

/**
 * Compares words with one word of at most 32 letters: how many letters differ (Levenshtein distance), a column of the table at once in the bits
 * of a number (Myers, A fast bit-vector algorithm for approximate string matching, 1999, in the form of Hyyrö, 2003).
 */
export function createNearWords(term: string, most: number) {
  const codes = codesOf(term);
  const letters = lettersOf(codes, 0, codes.length);
  const plain = new Int32Array(PLAIN);
  const others = new Map<number, number>();
  const length = codes.length;
  const last = 1 << ((length - 1) & 31);
  for (const [i, code] of codes.entries())
    if (code < PLAIN) plain[code] = (plain[code] as number) | (1 << (i & 31));
    else others.set(code, (others.get(code) ?? 0) | (1 << (i & 31)));

  function slipsTo(other: ArrayLike<number>, from: number, end: number): number {
    let up = -1;
    let down = 0;
    let slips = length;
    for (let at = from; at < end; at++) {
      const code = other[at] as number;
      const same = code < PLAIN ? (plain[code] as number) : (others.get(code) ?? 0);
      const across = (((same & up) + up) ^ up) | same;
      let right = down | ~(across | up);
      let left = up & across;
      if ((right & last) !== 0) slips += 1;
      else if ((left & last) !== 0) slips -= 1;
      right = (right << 1) | 1;
      left <<= 1;
      up = left | ~(same | down | right);
      down = right & (same | down);
    }
    return slips;
  }

  return {
    /** One slip changes at most two of the bits of `lettersOf`: whatever differs by more need not be compared. */
    mayBe(otherLetters: number): boolean {
      let differing = letters ^ otherLetters;
      let count = 0;
      for (; differing !== 0; count++) differing &= differing - 1;
      return count <= 2 * most;
    },
    slips: slipsTo,
  };
}
