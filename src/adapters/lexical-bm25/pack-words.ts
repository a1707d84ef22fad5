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
    /** Room enough was made before. */
    pushAll(list: ArrayLike<number>): void {
      numbers.set(list, length);
      length += list.length;
    },
    view: (): Uint32Array => numbers.subarray(0, length),
  };
}

/** Words of both in their order, each once. */
function* mergedTerms(packed: PackedWords, growing: GrowingWords) {
  const added = [...growing.terms()].sort(compareTerms);
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

/**
 * One index of both. `newRows` says which row a row becomes (-1: it is removed, and so is every word that only it had);
 * undefined: all stay where they are.
 */
export function packWords(
  packed: PackedWords,
  growing: GrowingWords,
  newRows: Int32Array | undefined,
): PackedColumns {
  let added = 0;
  for (const term of growing.terms())
    for (const field of FIELD_NUMBERS) added += growing.list(term, field).length;
  const postings = createColumn(packed.postingCount + added);
  const codes = createColumn(0);
  const starts = createColumn(0);
  const listStarts = createColumn(0);

  function take(list: ArrayLike<number>): void {
    if (newRows === undefined) {
      postings.pushAll(list);
      return;
    }
    for (let i = 0; i < list.length; i++) {
      const posting = list[i] as number;
      const row = newRows[rowOf(posting)] as number;
      if (row >= 0) postings.push(postingOf(row, countOf(posting)));
    }
  }

  for (const { term, word } of mergedTerms(packed, growing)) {
    const before = postings.length;
    const froms = FIELD_NUMBERS.map((field) => {
      const from = postings.length;
      if (word !== undefined) take(packed.listAt(word, field));
      take(growing.list(term, field));
      return from;
    });
    if (postings.length === before) continue;
    starts.push(codes.length);
    for (const code of codesOf(term)) codes.push(code);
    for (const from of froms) listStarts.push(from);
  }
  starts.push(codes.length);
  listStarts.push(postings.length);
  return {
    codes: Uint16Array.from(codes.view()),
    starts: starts.view(),
    listStarts: listStarts.view(),
    postings: postings.view(),
  };
}
