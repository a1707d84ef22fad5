import type { CallOptions } from '#shared/call.ts';
import type { KeySet } from '#shared/key-set.ts';

export interface LexicalHit {
  readonly key: number;
  /** BM25+ score; comparable only within one query. */
  readonly score: number;
}

/** Words to passages. Deterministic: same contents, same order of hits. */
export interface LexicalIndex {
  readonly size: number;
  add(entries: readonly { readonly key: number; readonly text: string; readonly heading: string }[]): void;
  remove(keys: Iterable<number>): void;
  /**
   * `accepts` filters inside the search: the limit is of what it lets through. What an index makes of a set is kept as
   * long as the same one is given. How rare a word is, is counted over all passages.
   */
  search(query: string, limit: number, accepts?: KeySet): readonly LexicalHit[];
  /**
   * All of it as it is at the call, and nothing of what was removed by then, to be opened again. It lets other work in:
   * the index may be searched and changed meanwhile. Absent: it is built from the texts each time.
   */
  save?(options?: Pick<CallOptions, 'signal'>): Promise<Uint8Array<ArrayBuffer>>;
}

/** With what `save` gave: opened as it was. Errors: storage/corrupt, also for what another version saved. */
export type CreateLexicalIndex = (saved?: Uint8Array) => LexicalIndex;
