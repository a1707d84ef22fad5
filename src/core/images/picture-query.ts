/** What the words of a search ask for, and what they ask to be left out. */
export interface PictureQuery {
  /** Undefined when only minus words were given. */
  readonly plus?: string;
  readonly minus: readonly string[];
}

/** A minus at the start of a word, which then goes to its end or, behind a quotation mark, to the closing one. */
const MINUS = /(?<=^|\s)[-−](?:["“„]([^"“”„]+)["”“]|([^\s"“”„]+))/gu;

/**
 * 'beach -people -"red car"': words behind a minus are subtracted, several in quotation marks. A hyphen inside a word
 * ('high-heeled') and a minus that stands alone are plain text.
 */
export function parsePictureQuery(words: string): PictureQuery {
  const minus: string[] = [];
  const rest = words.replace(MINUS, (whole, quoted?: string, bare?: string) => {
    const value = (quoted ?? bare ?? '').trim();
    if (!/[\p{L}\p{N}]/u.test(value)) return whole;
    minus.push(value);
    return ' ';
  });
  const plus = rest.replace(/\s+/g, ' ').trim();
  return { ...(plus === '' ? {} : { plus }), minus };
}
