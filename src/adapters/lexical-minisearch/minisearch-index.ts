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

const wordKeys = (text: string): string[] => contentWords(text).map(({ key }) => key);

/**
 * BM25+ (Lv and Zhai, 2011) over passages, by MiniSearch. Words are those of core/rag: folded, stemmed, numbers by their
 * value, function words left out. Texts are not kept, only their terms.
 */
export function createMiniSearchIndex(): LexicalIndex {
  const index = new MiniSearch<Entry>({
    fields: ['heading', 'text'],
    storeFields: [],
    tokenize: wordKeys,
    processTerm: (term) => term, // folded and stemmed by the tokenizer
    searchOptions: {
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
