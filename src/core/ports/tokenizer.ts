/** One token of a text and the characters it stands for. */
export interface TokenSpan {
  /** UTF-16 offsets into the text, end exclusive; spans are in order and do not overlap. */
  readonly start: number;
  readonly end: number;
}

/**
 * The tokenizer of one embedding model. Deterministic, synchronous, no special tokens: the chunker adds their count.
 */
export interface Tokenizer {
  /** Tokens that the model adds to every input ([CLS], [SEP] …). */
  readonly specialTokens: number;
  /** Characters that make no token (white space) lie in no span. */
  encode(text: string): readonly TokenSpan[];
  /** = encode(text).length, cheaper where it can be. */
  count(text: string): number;
}
