import type { LexicalHit } from '#core/ports/lexical-index.ts';
import { allowedSlips, WORD_RANKING } from '#core/rag/index.ts';
import type { KeySet } from '#shared/key-set.ts';
import type { GrowingWords } from './growing-words.ts';
import type { PackedWords } from './packed-words.ts';
import type { PassageRows } from './passage-rows.ts';
import { countOf, FIELD_NUMBERS, type FieldNumber, rowOf } from './posting.ts';

const K = 1.2;
const B = 0.7;
/** What BM25+ adds for every word that is there at all, so that long passages are not worth less than none. */
const DELTA = 0.5;
const BOOSTS = [WORD_RANKING.headingBoost, 1] as const;
/** The best are cut to the limit when so many more were collected. */
const SPARE = 512;

export interface WordIndex {
  readonly rows: PassageRows;
  readonly packed: PackedWords;
  readonly growing: GrowingWords;
}

const best = (hits: LexicalHit[], limit: number): LexicalHit[] =>
  hits.sort((a, b) => b.score - a.score || a.key - b.key).slice(0, limit);

/** Memory for the scores of one query, kept for the next: a number a passage. */
export function createScorer() {
  let scores = new Float64Array(0);
  /** Words of the question that a row has, in whatever form; the last of them, so that none counts twice. */
  let matched = new Uint16Array(0);
  let lastWord = new Uint16Array(0);
  let touched = new Uint32Array(0);
  let touchedCount = 0;

  function begin(count: number): void {
    touchedCount = 0;
    if (count <= scores.length) return;
    const length = Math.max(count, scores.length * 2);
    scores = new Float64Array(length);
    matched = new Uint16Array(length);
    lastWord = new Uint16Array(length);
    touched = new Uint32Array(length);
  }

  function addList(list: ArrayLike<number>, of: ListScore): void {
    const { rows, open, field, word, weight } = of;
    const lengths = rows.lengths();
    const [fixed, perLength] = [K * (1 - B), (K * B) / rows.meanLength(field)];
    for (let i = 0; i < list.length; i++) {
      const posting = list[i] as number;
      const row = rowOf(posting);
      if (open[row] !== 1) continue;
      const count = countOf(posting);
      const length = lengths[2 * row + field] as number;
      const score = weight * (DELTA + (count * (K + 1)) / (count + fixed + perLength * length));
      if (matched[row] === 0) {
        touched[touchedCount] = row;
        touchedCount += 1;
      }
      scores[row] = (scores[row] as number) + score;
      if (lastWord[row] === word) continue;
      lastWord[row] = word;
      matched[row] = (matched[row] as number) + 1;
    }
  }

  function addTerm(index: WordIndex, open: Uint8Array, term: string, word: number, weight: number): void {
    const { rows, packed, growing } = index;
    for (const field of FIELD_NUMBERS) {
      const lists = [packed.list(term, field), growing.list(term, field)];
      const passages = lists.reduce((sum, list) => sum + aliveIn(rows, list), 0);
      const rarity = Math.log(1 + (rows.size - passages + 0.5) / (passages + 0.5));
      const of = { rows, open, field, word, weight: weight * BOOSTS[field] * rarity };
      for (const list of lists) addList(list, of);
    }
  }

  function collect(rows: PassageRows, limit: number): LexicalHit[] {
    let hits: LexicalHit[] = [];
    let least = 0;
    for (let i = 0; i < touchedCount; i++) {
      const row = touched[i] as number;
      const score = (scores[row] as number) * (matched[row] as number);
      scores[row] = 0;
      matched[row] = 0;
      lastWord[row] = 0;
      if (score < least) continue;
      hits.push({ key: rows.keyAt(row), score });
      if (hits.length < limit + SPARE) continue;
      hits = best(hits, limit);
      least = hits.at(-1)?.score ?? 0;
    }
    return best(hits, limit);
  }

  /**
   * BM25+ (Lv and Zhai, Lower-bounding term frequency normalization, CIKM 2011), a word after the other over its whole
   * list, summed over words and fields and multiplied by how many words of the question were found: as MiniSearch ranks.
   */
  return function search(
    index: WordIndex,
    asked: readonly string[],
    limit: number,
    accepts: KeySet | undefined,
  ): readonly LexicalHit[] {
    const { rows, packed, growing } = index;
    const open = rows.openTo(accepts);
    begin(rows.count);
    const times = new Map<string, number>();
    for (const term of asked) times.set(term, (times.get(term) ?? 0) + 1);
    for (const [i, [term, count]] of [...times].entries()) {
      addTerm(index, open, term, i + 1, count);
      const most = allowedSlips(term);
      if (most === 0) continue;
      const near = new Map<string, number>();
      packed.near(term, most, near);
      growing.near(term, most, near);
      for (const [other, slips] of near) {
        const likeness = other.length / (other.length + slips);
        addTerm(index, open, other, i + 1, count * WORD_RANKING.fuzzyWeight * likeness);
      }
    }
    return collect(rows, limit);
  };
}

interface ListScore {
  readonly rows: PassageRows;
  /** 1 at each row that may be found. */
  readonly open: Uint8Array;
  readonly field: FieldNumber;
  /** Which word of the question, from 1. */
  readonly word: number;
  readonly weight: number;
}

function aliveIn(rows: PassageRows, list: ArrayLike<number>): number {
  if (rows.count === rows.size) return list.length;
  let count = 0;
  for (let i = 0; i < list.length; i++) if (rows.isAlive(rowOf(list[i] as number))) count += 1;
  return count;
}
