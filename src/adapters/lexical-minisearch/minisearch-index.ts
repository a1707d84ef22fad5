import MiniSearch from 'minisearch';
import type { LexicalHit, LexicalIndex } from '#core/ports/lexical-index.ts';
import { contentWords } from '#core/rag/index.ts';

interface Entry {
  readonly id: number;
  readonly heading: string;
  readonly text: string;
}

/** A word of the heading says more about a passage than one of its many words. */
const HEADING_BOOST = 1.6;
/** Slips of the keyboard in longer words are forgiven, at a price. */
const FUZZY_FROM_CHARACTERS = 6;
const FUZZY = 0.17;
const FUZZY_WEIGHT = 0.25;

/** One character of a script that is written without spaces. */
const UNSPACED = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]$/u;

/**
 * Words of a text, and in scripts without spaces the pairs of neighbouring characters: one character alone says little,
 * and pairs need no dictionary that differs from browser to browser (Nie et al., On the use of words and n-grams for
 * Chinese information retrieval, 2000).
 */
function termsOf(text: string, keepsSingle: boolean): string[] {
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

/**
 * BM25+ (Lv and Zhai, 2011) over passages, by MiniSearch. Words are those of core/rag: folded, stemmed, numbers by their
 * value, function words left out. Texts are not kept, only their terms.
 */
export function createMiniSearchIndex(): LexicalIndex {
  const index = new MiniSearch<Entry>({
    fields: ['heading', 'text'],
    storeFields: [],
    tokenize: (text) => termsOf(text, true),
    processTerm: (term) => term, // folded and stemmed by the tokenizer
    searchOptions: {
      tokenize: (text) => termsOf(text, false),
      combineWith: 'OR',
      boost: { heading: HEADING_BOOST },
      fuzzy: (term) => (term.length >= FUZZY_FROM_CHARACTERS && !/\d/.test(term) ? FUZZY : false),
      weights: { fuzzy: FUZZY_WEIGHT, prefix: FUZZY_WEIGHT },
    },
  });
  return {
    get size() {
      return index.documentCount;
    },
    add(entries) {
      for (const { key, text, heading } of entries) {
        if (index.has(key)) index.discard(key);
        index.add({ id: key, text, heading });
      }
    },
    remove(keys) {
      for (const key of keys) if (index.has(key)) index.discard(key);
    },
    search(query, limit, accepts): readonly LexicalHit[] {
      const found = index.search(query, accepts ? { filter: ({ id }) => accepts(id as number) } : {});
      return found
        .map(({ id, score }): LexicalHit => ({ key: id as number, score }))
        .sort((a, b) => b.score - a.score || a.key - b.key)
        .slice(0, limit);
    },
  };
}
