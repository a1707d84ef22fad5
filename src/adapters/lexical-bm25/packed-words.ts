import { codesOf, createNearRows } from './near-words.ts';
import type { FieldNumber } from './posting.ts';

/** Words in the order of their length, then of their letters; each with its postings by field, in the order of rows. */
export interface PackedColumns {
  /** Letters of all words, one after the other (UTF-16). */
  readonly codes: Uint16Array;
  /** Where word i begins in `codes`; one more for the end. */
  readonly starts: Uint32Array;
  /** Where the list of word i and field f begins in `postings`: at 2 i + f; one more for the end. */
  readonly listStarts: Uint32Array;
  readonly postings: Uint32Array;
}

/** A call takes only so many; a “word” may be a picture in letters. */
const MOST_ARGUMENTS = 4096;

export const NO_WORDS: PackedColumns = {
  codes: new Uint16Array(0),
  starts: new Uint32Array(1),
  listStarts: new Uint32Array(1),
  postings: new Uint32Array(0),
};

/** By length, then by code units: words of about one length, which are all that may be near another, lie together. */
export function compareTerms(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Looks words up where they lie: an index that is opened makes nothing of them first, not even strings. */
export function createPackedWords({ codes, starts, listStarts, postings }: PackedColumns) {
  const count = starts.length - 1;
  const lengthAt = (word: number): number => (starts[word + 1] as number) - (starts[word] as number);

  /** Below 0: word `i` comes before the term. */
  function compareAt(word: number, term: string): number {
    const from = starts[word] as number;
    const byLength = lengthAt(word) - term.length;
    if (byLength !== 0) return byLength;
    for (let i = 0; i < term.length; i++) {
      const difference = (codes[from + i] as number) - term.charCodeAt(i);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The first word for which this holds, when it holds for all that follow. */
  function firstWhere(holds: (word: number) => boolean, from = 0, end = count): number {
    let low = from;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  function termAt(word: number): string {
    const end = starts[word + 1] as number;
    let term = '';
    for (let from = starts[word] as number; from < end; from += MOST_ARGUMENTS)
      term += String.fromCharCode(...codes.subarray(from, Math.min(end, from + MOST_ARGUMENTS)));
    return term;
  }

  const listAt = (word: number, field: FieldNumber): Uint32Array =>
    postings.subarray(listStarts[2 * word + field], listStarts[2 * word + field + 1]);

  /** The first word from here on that does not begin with the first letters of `word`; those that do lie together. */
  function afterBeginning(word: number, letters: number, end: number): number {
    const own = starts[word] as number;
    const isOther = (other: number): boolean => {
      const from = starts[other] as number;
      for (let i = letters - 1; i >= 0; i--) if (codes[from + i] !== codes[own + i]) return true;
      return false;
    };
    let step = 1;
    while (word + step < end && !isOther(word + step)) step *= 2;
    return firstWhere(isOther, word + (step >> 1) + 1, Math.min(end, word + step));
  }

  /** Words of one length, which lie in the order of their letters: a beginning that is too far off is left as a whole. */
  function nearOfLength(term: Uint16Array, most: number, length: number, found: Map<string, number>): void {
    const rows = createNearRows(term, most, length);
    const path = new Uint16Array(length);
    const end = firstWhere((word) => lengthAt(word) > length);
    let known = 0;
    for (let word = firstWhere((at) => lengthAt(at) >= length); word < end; ) {
      const from = starts[word] as number;
      let row = 0;
      while (row < known && path[row] === codes[from + row]) row += 1;
      let isNear = true;
      for (; row < length && isNear; row++) {
        path[row] = codes[from + row] as number;
        isNear = rows.step(row + 1, path[row] as number);
      }
      known = row;
      const slips = rows.slips();
      if (isNear && slips > 0 && slips <= most) found.set(termAt(word), slips);
      word = isNear ? word + 1 : afterBeginning(word, row, end);
    }
  }

  return {
    count,
    postingCount: postings.length,
    termAt,
    listAt,
    list(term: string, field: FieldNumber): Uint32Array {
      const word = firstWhere((at) => compareAt(at, term) >= 0);
      return word < count && compareAt(word, term) === 0 ? listAt(word, field) : NO_WORDS.postings;
    },
    /** Other words that are at most so many slips away, with their number of slips. */
    near(term: string, most: number, found: Map<string, number>): void {
      const asked = codesOf(term);
      for (let length = Math.max(1, asked.length - most); length <= asked.length + most; length++)
        nearOfLength(asked, most, length, found);
    },
  };
}

export type PackedWords = ReturnType<typeof createPackedWords>;
