/** A token may end inside of a letter: this is what the decoder writes for the part. */
const BROKEN = '\uFFFD';

export interface TokenText {
  /** Takes the next token; gives the whole letters that it completes. */
  push(token: number): string;
  /** The end: what was held back, without a letter that stayed broken. */
  flush(): string;
}

/**
 * Tokens to text as they come. Each is decoded behind some before it, because many tokenizers drop the space of a first
 * word; `before` are tokens that stand before the text.
 */
export function createTokenText(
  decode: (tokens: readonly number[]) => string,
  before: readonly number[],
): TokenText {
  let known = [...before];
  let fresh: number[] = [];

  function added(): string {
    return decode([...known, ...fresh]).slice(decode(known).length);
  }

  return {
    push(token) {
      fresh.push(token);
      const text = added();
      if (text === '' || text.endsWith(BROKEN)) return '';
      known = fresh;
      fresh = [];
      return text;
    },
    flush() {
      const text = added();
      fresh = [];
      let end = text.length;
      while (text.slice(0, end).endsWith(BROKEN)) end -= 1;
      return text.slice(0, end);
    },
  };
}
