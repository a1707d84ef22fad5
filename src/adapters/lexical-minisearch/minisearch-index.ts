import MiniSearch from 'minisearch';
import type { LexicalHit, LexicalIndex } from '#core/ports/lexical-index.ts';
import { allowedSlips, passageTerms, queryTerms, WORD_RANKING } from '#core/rag/index.ts';

interface Entry {
  readonly id: number;
  readonly heading: string;
  readonly text: string;
}

const { headingBoost, fuzzyShare, fuzzyWeight } = WORD_RANKING;

/**
 * BM25+ (Lv and Zhai, 2011) over passages, by MiniSearch: what `lexical-bm25` has to rank like. Words are those of
 * core/rag: folded, stemmed, numbers by their value, function words left out. Texts are not kept, only their terms.
 */
export function createMiniSearchIndex(): LexicalIndex {
  const index = new MiniSearch<Entry>({
    fields: ['heading', 'text'],
    storeFields: [],
    tokenize: (text) => [...passageTerms(text)],
    processTerm: (term) => term, // folded and stemmed by the tokenizer
    searchOptions: {
      tokenize: (text) => [...queryTerms(text)],
      combineWith: 'OR',
      boost: { heading: headingBoost },
      fuzzy: (term) => (allowedSlips(term) > 0 ? fuzzyShare : false),
      weights: { fuzzy: fuzzyWeight, prefix: fuzzyWeight },
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
      const found = index.search(query, accepts ? { filter: ({ id }) => accepts.has(id as number) } : {});
      return found
        .map(({ id, score }): LexicalHit => ({ key: id as number, score }))
        .sort((a, b) => b.score - a.score || a.key - b.key)
        .slice(0, limit);
    },
  };
}
