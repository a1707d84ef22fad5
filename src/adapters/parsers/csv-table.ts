import Papa, { type ParseResult } from 'papaparse';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { createBreather, throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { createTableText } from './table-text.ts';

const SLICE_CHARACTERS = 256 * 1024;
const MAX_ROW_CHARACTERS = 4 * 2 ** 20;
const DELIMITERS = [',', ';', '\t', '|'];
const SAMPLE_CHARACTERS = 32 * 1024;

/** papaparse's own guess, from the beginning; one column when nothing separates. */
function delimiterOf(source: string): string {
  const sample = source.slice(0, SAMPLE_CHARACTERS);
  const { meta } = Papa.parse(sample, { delimitersToGuess: DELIMITERS, preview: 50, skipEmptyLines: true });
  return DELIMITERS.includes(meta.delimiter) ? meta.delimiter : ',';
}

/** Whole rows from `at` on, and where the next one begins; nothing when the slice holds no whole row. */
function cut(source: string, at: number, size: number, delimiter: string, isQuoted: boolean) {
  const isLast = at + size >= source.length;
  const parser = new Papa.Parser({ delimiter, newline: '\n', ...(isQuoted ? {} : { fastMode: true }) });
  const { data, meta, errors } = parser.parse(source.slice(at, at + size), 0, !isLast) as ParseResult<
    string[]
  >;
  return {
    rows: data,
    next: isLast ? source.length : at + meta.cursor,
    isUnclosed: errors.some(({ code }) => code === 'MissingQuotes'),
  };
}

/** Rows as they are cut slice by slice: the thread breathes between slices, and no second copy of the file is made. */
async function* rowsOf(source: string, signal: AbortSignal | undefined): AsyncGenerator<readonly string[]> {
  const delimiter = delimiterOf(source);
  const pace = createBreather(signal);
  let size = SLICE_CHARACTERS;
  for (let at = 0; at < source.length; ) {
    let part = cut(source, at, size, delimiter, true);
    if (part.next === at && size < MAX_ROW_CHARACTERS) {
      size *= 2; // a row that is longer than the slice
      continue;
    }
    // A quote that is never closed is a character like any other, or the rest of the file would be one cell.
    if (part.isUnclosed || part.next === at) part = cut(source, at, size, delimiter, false);
    if (part.next === at)
      throw new AppError(
        'input/too-large',
        `A row of this table has more than ${MAX_ROW_CHARACTERS / 2 ** 20} million characters. Save it as text (.txt) and add that.`,
      );
    for (const row of part.rows) {
      yield row;
      const breath = pace();
      if (breath) await breath;
    }
    at = part.next;
    size = SLICE_CHARACTERS;
  }
}

/** Errors: input/invalid (no rows), input/too-large. */
export async function readCsv(source: string, signal: AbortSignal | undefined): Promise<ParsedDocument> {
  throwIfAborted(signal);
  const table = createTableText('This table');
  let number = 0;
  for await (const row of rowsOf(source, signal)) table.addRow(++number, row);
  const { text, headings } = table.finish();
  if (text === '')
    throw new AppError(
      'input/invalid',
      'This table has no rows with text. Save it again where it came from.',
    );
  return { text, headings, pages: [], boxes: [] };
}
