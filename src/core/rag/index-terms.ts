import { contentWords } from './words.ts';

/** One character of a script that is written without spaces. */
const UNSPACED = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]$/u;

/**
 * Words of a text, and in scripts without spaces the pairs of neighbouring characters: one character alone says little,
 * and pairs need no dictionary that differs from browser to browser (Nie et al., On the use of words and n-grams for
 * Chinese information retrieval, 2000).
 */
function termsOf(text: string, keepsSingle: boolean): readonly string[] {
  const words = contentWords(text);
  const terms: string[] = [];
  let isPaired = false;
  for (const [i, word] of words.entries()) {
    const next = words[i + 1];
    const isUnspaced = UNSPACED.test(word.key);
    const pairs = isUnspaced && next !== undefined && next.start === word.end && UNSPACED.test(next.key);
    if (!isUnspaced || keepsSingle || !(pairs || isPaired)) terms.push(word.key);
    if (pairs) terms.push(word.key + next.key);
    isPaired = pairs;
  }
  return terms;
}

/** Under what a word index holds a text, in order, as often as it stands there. */
export const passageTerms = (text: string): readonly string[] => termsOf(text, true);

/** What a question is looked up by: single characters only where they stand alone. */
export const queryTerms = (query: string): readonly string[] => termsOf(query, false);

/** How a word index ranks, whoever makes it. */
export const WORD_RANKING = {
  /** A word of the heading says more about a passage than one of its many words. */
  headingBoost: 1.6,
  /** So far may an indexed word be from one that was asked, as a share of its letters: slips of the keyboard. */
  fuzzyShare: 0.17,
  /** A word that is only like the one asked counts so much. */
  fuzzyWeight: 0.25,
} as const;

/** Slips are forgiven in longer words, but not in what is no word any more: a column of bits of a number is its limit. */
const FUZZY_FROM_CHARACTERS = 6;
const FUZZY_TO_CHARACTERS = 32;

/** Letters that may differ; 0: the word is taken as it is. */
export function allowedSlips(term: string): number {
  const isForgiven =
    term.length >= FUZZY_FROM_CHARACTERS && term.length <= FUZZY_TO_CHARACTERS && !/\d/.test(term);
  return isForgiven ? Math.min(6, Math.round(term.length * WORD_RANKING.fuzzyShare)) : 0;
}
