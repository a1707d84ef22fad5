import { indexOfWords, lettersOf } from './letters.ts';
import type { Span } from './sentences.ts';

/** A part of a query that is no plain word, where it stands, and what it asks for. */
export interface QueryTerm extends Span {
  readonly kind: 'phrase' | 'type' | 'in' | 'after' | 'before';
  /** Without its name and quotation marks; a date as YYYY-MM-DD. */
  readonly value: string;
}

export interface ParsedQuery {
  /** What is looked for by meaning and by words: everything but the filters, phrases without their marks. */
  readonly text: string;
  readonly terms: readonly QueryTerm[];
}

const TERM =
  /(?<=^|\s)(?:(type|in|after|before):(?:["“„]([^"“”„]+)["”“]|([^\s"“”„]+))|["“„]([^"“”„]+)["”“](?=$|[\s.,;:!?]))/giu;
const DATE = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;

/** 2025, 2025-1 and 2025-01-31 as YYYY-MM-DD, the first day of what is named; undefined for a date that is none. */
function dateOf(text: string): string | undefined {
  const [, year, month = '1', day = '1'] = DATE.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}

/**
 * The syntax of a search: "exact words" must stand in a passage letter by letter; type:pdf, in:name (of the document or its
 * collection), after:2025-01-01 and before:2026 (when it was added) choose documents. A name with spaces goes in quotation
 * marks. What cannot be read as a term, like a date that is none, is plain words.
 */
export function parseQuery(query: string): ParsedQuery {
  const terms: QueryTerm[] = [];
  let text = '';
  let at = 0;
  for (const match of query.matchAll(TERM)) {
    const [raw, name, quoted, bare, phrase] = match;
    const end = match.index + raw.length;
    const kind = name === undefined ? 'phrase' : (name.toLowerCase() as QueryTerm['kind']);
    const given = (phrase ?? quoted ?? bare ?? '').trim();
    const value = kind === 'after' || kind === 'before' ? dateOf(given) : given;
    if (value === undefined || !/[\p{L}\p{N}]/u.test(value)) continue;
    terms.push({ kind, value, start: match.index, end });
    text += `${query.slice(at, match.index)}${kind === 'phrase' ? given : ' '}`;
    at = end;
  }
  return { text: (text + query.slice(at)).replace(/\s+/g, ' ').trim(), terms };
}

/** The query without one of its terms. */
export function withoutTerm(query: string, { start, end }: Span): string {
  return `${query.slice(0, start)} ${query.slice(end)}`.replace(/\s+/g, ' ').trim();
}

const folded = (text: string): string => lettersOf(text).text.toLowerCase();

/**
 * Whether a phrase stands in a text, letter by letter: whole words, in this order, with their punctuation. Capitals, white
 * space and the kind of quotes and dashes make no difference.
 */
export function hasPhrase(text: string, phrase: string): boolean {
  return indexOfWords(folded(text), folded(phrase).trim()) !== -1;
}
