import type { GrowingWords } from './growing-words.ts';
import { codesOf } from './near-words.ts';
import { compareTerms, type PackedColumns, type PackedWords } from './packed-words.ts';
import { countOf, FIELD_NUMBERS, postingOf, rowOf } from './posting.ts';

/** Takes lists one after the other, in memory that doubles. */
function createColumn(room: number) {
  let numbers = new Uint32Array(room);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value: number): void {
      if (length === numbers.length) {
        const grown = new Uint32Array(Math.max(64, length * 2));
        grown.set(numbers);
        numbers = grown;
      }
      numbers[length] = value;
      length += 1;
    },
    view: (): Uint32Array => numbers.subarray(0, length),
  };
}

/** After so many words or lists others may have a turn: some milliseconds. */
const WORDS_A_ROUND = 512;

/** Work in rounds: whoever drives it decides what happens between two of them. */
export type Rounds<T> = Generator<undefined, T, undefined>;

/** All at once. */
export function finish<T>(rounds: Rounds<T>): T {
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
  }
}

/** In the order of `compareTerms`. Sorted by length and first letter apart: no sort is one of all words. */
function* sortedTerms(terms: readonly string[]): Rounds<readonly string[]> {
  const groups = new Map<number, string[]>();
  for (const [i, term] of terms.entries()) {
    const kind = term.length * 65_536 + term.charCodeAt(0);
    const group = groups.get(kind);
    if (group) group.push(term);
    else groups.set(kind, [term]);
    if (i % (8 * WORDS_A_ROUND) === 0) yield;
  }
  const sorted: string[] = [];
  for (const kind of [...groups.keys()].sort((a, b) => a - b)) {
    for (const term of groups.get(kind)?.sort(compareTerms) ?? []) sorted.push(term);
    yield;
  }
  return sorted;
}

/** Words of both in their order, each once. */
function* mergedTerms(packed: PackedWords, added: readonly string[]) {
  let at = 0;
  for (let word = 0; word < packed.count; word++) {
    const term = packed.termAt(word);
    for (; at < added.length && compareTerms(added[at] as string, term) < 0; at++)
      yield { term: added[at] as string };
    if (added[at] === term) at += 1;
    yield { term, word };
  }
  for (; at < added.length; at++) yield { term: added[at] as string };
}

/** Rows at one moment. */
export interface RowsAt {
  /** Rows from here on came later. */
  readonly count: number;
  /** Which row a row becomes (-1: it is removed, and so is every word that only it had); undefined: all stay. */
  readonly newRows: Int32Array | undefined;
}

/** How much of a list was there when there were so many rows: lists only grow, and in the order of rows. */
function lengthAt(list: ArrayLike<number>, count: number): number {
  let length = list.length;
  while (length > 0 && rowOf(list[length - 1] as number) >= count) length -= 1;
  return length;
}

/** Postings of all lists, in one column. */
function createPostings(room: number, { count, newRows }: RowsAt) {
  const postings = createColumn(room);
  return {
    column: postings,
    take(list: ArrayLike<number>): void {
      const length = lengthAt(list, count);
      for (let i = 0; i < length; i++) {
        const posting = list[i] as number;
        if (newRows === undefined) postings.push(posting);
        else {
          const row = newRows[rowOf(posting)] as number;
          if (row >= 0) postings.push(postingOf(row, countOf(posting)));
        }
      }
    },
  };
}

/**
 * One index of both as they were when this was called. Between two rounds words may be added to `growing`: they are not
 * in it.
 */
export function packWords(packed: PackedWords, growing: GrowingWords, rows: RowsAt): Rounds<PackedColumns> {
  const terms = [...growing.terms()];
  return packRounds(packed, growing, rows, terms);
}

function* packRounds(
  packed: PackedWords,
  growing: GrowingWords,
  rows: RowsAt,
  terms: readonly string[],
): Rounds<PackedColumns> {
  let added = 0;
  for (const [i, term] of terms.entries()) {
    for (const field of FIELD_NUMBERS) added += growing.list(term, field).length;
    if (i % (8 * WORDS_A_ROUND) === 0) yield;
  }
  const postings = createPostings(packed.postingCount + added, rows);
  const codes = createColumn(0);
  const starts = createColumn(0);
  const listStarts = createColumn(0);
  let sinceRound = 0;
  for (const { term, word } of mergedTerms(packed, yield* sortedTerms(terms))) {
    const before = postings.column.length;
    const froms = FIELD_NUMBERS.map((field) => {
      const from = postings.column.length;
      if (word !== undefined) postings.take(packed.listAt(word, field));
      postings.take(growing.list(term, field));
      return from;
    });
    // A word that stands nearly everywhere is as much work as a thousand others.
    sinceRound += 1 + (postings.column.length - before) / 64;
    if (sinceRound > WORDS_A_ROUND) {
      sinceRound = 0;
      yield;
    }
    if (postings.column.length === before) continue;
    starts.push(codes.length);
    for (const code of codesOf(term)) codes.push(code);
    for (const from of froms) listStarts.push(from);
  }
  starts.push(codes.length);
  listStarts.push(postings.column.length);
  return {
    codes: new Uint16Array(codes.view()),
    starts: starts.view(),
    listStarts: listStarts.view(),
    postings: postings.column.view(),
  };
}
