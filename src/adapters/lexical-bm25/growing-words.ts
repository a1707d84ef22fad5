import { codesOf, createNearRows } from './near-words.ts';
import { type FieldNumber, postingOf } from './posting.ts';

interface Word {
  readonly codes: Uint16Array;
  readonly lists: readonly [number[], number[]];
}

/** Words of passages that came since the index was packed last: lists that grow, found by a Map. */
export function createGrowingWords() {
  const words = new Map<string, Word>();

  function wordOf(term: string): Word {
    const known = words.get(term);
    if (known) return known;
    const word: Word = { codes: codesOf(term), lists: [[], []] };
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
      const asked = codesOf(term);
      const byLength = Array.from({ length: 2 * most + 1 }, (_, i) =>
        createNearRows(asked, most, Math.max(0, asked.length - most + i)),
      );
      for (const [other, { codes }] of words) {
        const rows = byLength[codes.length - asked.length + most];
        if (rows === undefined || !codes.every((code, i) => rows.step(i + 1, code))) continue;
        const slips = rows.slips();
        if (slips > 0 && slips <= most) found.set(other, slips);
      }
    },
  };
}

export type GrowingWords = ReturnType<typeof createGrowingWords>;
