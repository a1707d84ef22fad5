import { codesOf, createNearWords, lettersOf } from './near-words.ts';
import { type FieldNumber, postingOf } from './posting.ts';

interface Word {
  readonly codes: Uint16Array;
  readonly letters: number;
  readonly lists: readonly [number[], number[]];
}

/** Words of passages that came since the index was packed last: lists that grow, found by a Map. */
export function createGrowingWords() {
  const words = new Map<string, Word>();

  function wordOf(term: string): Word {
    const known = words.get(term);
    if (known) return known;
    const codes = codesOf(term);
    const word: Word = { codes, letters: lettersOf(codes, 0, codes.length), lists: [[], []] };
    words.set(term, word);
    return word;
  }

  return {
    terms: (): Iterable<string> => words.keys(),
    list: (term: string, field: FieldNumber): readonly number[] => words.get(term)?.lists[field] ?? [],
    /** Rows only ever grow, so that each list is in their order. */
    add(row: number, field: FieldNumber, counts: ReadonlyMap<string, number>): void {
      for (const [term, count] of counts) wordOf(term).lists[field].push(postingOf(row, count));
    },
    /** Other words that are at most so many slips away, with their number of slips. */
    near(term: string, most: number, found: Map<string, number>): void {
      const near = createNearWords(term, most);
      for (const [other, { codes, letters }] of words) {
        if (Math.abs(codes.length - term.length) > most || !near.mayBe(letters)) continue;
        const slips = near.slips(codes, 0, codes.length);
        if (slips > 0 && slips <= most) found.set(other, slips);
      }
    },
  };
}

export type GrowingWords = ReturnType<typeof createGrowingWords>;
