/** Beyond what is asked for. */
const FAR = 127;

export function codesOf(word: string): Uint16Array {
  const codes = new Uint16Array(word.length);
  for (let i = 0; i < word.length; i++) codes[i] = word.charCodeAt(i);
  return codes;
}

/**
 * How many letters of words of one length differ from a term (Levenshtein, 1966): the table of the distance, of which only
 * the band matters that is within reach (Ukkonen, 1985). Row i belongs to the first i letters of a word, so that words
 * with the same beginning share their first rows.
 */
export function createNearRows(term: Uint16Array, most: number, length: number) {
  const width = 2 * most + 1;
  const rows = new Int8Array((length + 1) * width).fill(FAR);
  for (let cell = most; cell < width && cell - most <= term.length; cell++) rows[cell] = cell - most;
  /** Letters of which a cell still wants an insertion or a removal: what is left of term and word is not as long. */
  const owing = Int8Array.from({ length: width }, (_, cell) =>
    Math.abs(term.length - length - (cell - most)),
  );

  return {
    /** Fills row `row` (from 1) by the word's letter before it. False: no word that begins so is near. */
    step(row: number, code: number): boolean {
      const at = row * width;
      const above = at - width;
      let isNear = false;
      for (let cell = 0; cell < width; cell++) {
        const column = row + cell - most;
        let slips = FAR;
        if (column >= 0 && column <= term.length) {
          const replaced = (rows[above + cell] as number) + (term[column - 1] === code ? 0 : 1);
          const added = cell + 1 < width ? (rows[above + cell + 1] as number) + 1 : FAR;
          const left = cell > 0 ? (rows[at + cell - 1] as number) + 1 : FAR;
          slips = Math.min(FAR, column === 0 ? FAR : replaced, added, left);
        }
        rows[at + cell] = slips;
        isNear ||= slips + (owing[cell] as number) <= most;
      }
      return isNear;
    },
    /** Of a word whose letters all have their rows. */
    slips: (): number => rows[length * width + term.length - length + most] ?? FAR,
  };
}
