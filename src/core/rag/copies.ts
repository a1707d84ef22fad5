import type { Word } from './words.ts';

/** Words in a shingle: long enough that two texts about one thing do not share many, short enough to survive an edit. */
const SHINGLE_WORDS = 4;
/**
 * From here two passages say the same: a page that was saved twice, a paragraph in two editions. Two different passages
 * of one document share a heading or a formula, and stay far below it.
 */
const COPY_JACCARD = 0.8;

/** FNV-1a, going on from the words before. */
function hashed(word: string, before: number): number {
  let hash = before;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ 0x20, 0x01000193);
}

/** As numbers of 32 bits: of the few hundred of two passages two different ones are hardly ever the same. */
function shinglesOf(words: readonly Word[]): ReadonlySet<number> {
  const shingles = new Set<number>();
  const last = Math.max(0, words.length - SHINGLE_WORDS);
  for (let i = 0; i <= last; i++) {
    let hash = 0x811c9dc5 | 0;
    const end = Math.min(words.length, i + SHINGLE_WORDS);
    for (let at = i; at < end; at++) hash = hashed(words[at]?.key ?? '', hash);
    shingles.add(hash);
  }
  return shingles;
}

/** The numbers of a text in order: the same sentence with another number is another fact. */
function numbersOf(words: readonly Word[]): string {
  return words
    .filter(({ isDigits }) => isDigits)
    .map(({ key }) => key)
    .join(' ');
}

/** Jaccard similarity of word shingles (Broder, 1997): 1 = the same words in the same order. */
function resemblance(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let common = 0;
  for (const shingle of small) if (large.has(shingle)) common += 1;
  return common / (a.size + b.size - common);
}

/**
 * Tells whether a text is nearly the same as one that was let through before. By words, not by vectors: two sentences
 * that differ in one number have nearly the same vector and say different things.
 */
export function createCopyFilter(): (words: readonly Word[]) => boolean {
  const seen: { readonly shingles: ReadonlySet<number>; readonly numbers: string }[] = [];
  return (words) => {
    const shingles = shinglesOf(words);
    const numbers = numbersOf(words);
    const isCopy = seen.some(
      (other) => other.numbers === numbers && resemblance(shingles, other.shingles) >= COPY_JACCARD,
    );
    if (isCopy) return true;
    seen.push({ shingles, numbers });
    return false;
  };
}
