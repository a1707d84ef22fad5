import { type Word, wordsOf } from './words.ts';

/** Words in a shingle: long enough that two texts about one thing do not share many, short enough to survive an edit. */
const SHINGLE_WORDS = 4;
/**
 * From here two passages say the same: a page that was saved twice, a paragraph in two editions. Two different passages
 * of one document share a heading or a formula, and stay far below it.
 */
const COPY_JACCARD = 0.8;

function shinglesOf(words: readonly Word[]): ReadonlySet<string> {
  const keys = words.map(({ key }) => key);
  if (keys.length <= SHINGLE_WORDS) return new Set([keys.join(' ')]);
  const shingles = new Set<string>();
  for (let i = 0; i + SHINGLE_WORDS <= keys.length; i++)
    shingles.add(keys.slice(i, i + SHINGLE_WORDS).join(' '));
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
function resemblance(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let common = 0;
  for (const shingle of small) if (large.has(shingle)) common += 1;
  return common / (a.size + b.size - common);
}

/**
 * Tells whether a text is nearly the same as one that was let through before. By words, not by vectors: two sentences
 * that differ in one number have nearly the same vector and say different things.
 */
export function createCopyFilter(): (text: string) => boolean {
  const seen: { readonly shingles: ReadonlySet<string>; readonly numbers: string }[] = [];
  return (text) => {
    const words = wordsOf(text);
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
