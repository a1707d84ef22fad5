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
  search(query: string, limit: number, accepts?: (key: number) => boolean): readonly LexicalHit[];
}
