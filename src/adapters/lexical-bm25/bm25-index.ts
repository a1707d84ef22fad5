import type { LexicalIndex } from '#core/ports/lexical-index.ts';
import { passageTerms, queryTerms } from '#core/rag/index.ts';
import { breathe, createBreather } from '#shared/breathe.ts';
import { createGrowingWords } from './growing-words.ts';
import { finish, packWords, type Rounds } from './pack-words.ts';
import { createPackedWords, NO_WORDS } from './packed-words.ts';
import { createPassageRows } from './passage-rows.ts';
import { packSaved, type SavedWords, unpackSaved } from './saved-words.ts';
import { createScorer, type WordIndex } from './score-words.ts';

/** Gaps are closed when they are more than the passages, and not for a few. */
const LEAST_GAPS = 1024;

function countsOf(terms: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) if (term !== '') counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/**
 * Words to passages by BM25+: sorted lists of postings in typed arrays, four bytes each, with those of later passages
 * beside them until it is saved. The ranking is MiniSearch's. With `saved` it is opened where the bytes lie.
 */
export function createBm25Index(saved?: Uint8Array): LexicalIndex {
  const score = createScorer();
  const opened = saved && unpackSaved(saved);
  let index: WordIndex = {
    rows: createPassageRows(opened),
    packed: createPackedWords(opened ?? NO_WORDS),
    growing: createGrowingWords(),
  };

  /** Goes up with each change. */
  let version = 0;

  /** As it is now, whatever comes while the rounds go on. */
  function pack(): Rounds<SavedWords> {
    const { rows, packed, growing } = index;
    const { newRows, ...kept } = rows.packed();
    const words = packWords(packed, growing, { count: rows.count, newRows });
    return (function* () {
      return { ...kept, ...(yield* words) };
    })();
  }

  function take(packed: SavedWords): void {
    index = {
      rows: createPassageRows(packed),
      packed: createPackedWords(packed),
      growing: createGrowingWords(),
    };
  }

  function closeGaps(): void {
    const { count, size } = index.rows;
    if (count - size > Math.max(LEAST_GAPS, size)) take(finish(pack()));
  }

  return {
    get size() {
      return index.rows.size;
    },
    add(entries) {
      version += 1;
      for (const { key, heading, text } of entries) {
        const { rows, growing } = index;
        const counts = [countsOf(passageTerms(heading)), countsOf(passageTerms(text))] as const;
        const row = rows.add(key, counts[0].size, counts[1].size);
        growing.add(row, 0, counts[0]);
        growing.add(row, 1, counts[1]);
      }
      closeGaps();
    },
    remove(keys) {
      version += 1;
      for (const key of keys) index.rows.remove(key);
      closeGaps();
    },
    search: (query, limit, accepts) => score(index, queryTerms(query), limit, accepts),
    async save({ signal } = {}) {
      const savedVersion = version;
      const rounds = pack();
      const breatheIfLong = createBreather(signal);
      let round = rounds.next();
      for (; !round.done; round = rounds.next()) await breatheIfLong();
      await breathe();
      const bytes = packSaved(round.value);
      await breathe();
      // What is read in place of it: less memory, and quicker. Not when it has changed meanwhile.
      if (version === savedVersion) take(unpackSaved(bytes));
      return bytes;
    },
  };
}
