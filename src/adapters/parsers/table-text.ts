import type { ParsedHeading } from '#core/ports/document-parser.ts';
import { AppError } from '#shared/errors.ts';

/** About as much as one chunk holds: a chunk of a table then is a range of rows that its heading names. */
const SECTION_CHARACTERS = 700;
/** Every row repeats the headers; what is longer would not fit into memory beside its chunks. */
const MAX_CHARACTERS = 64 * 2 ** 20;
const MAX_HEADER_CHARACTERS = 80;

/** Collects the rows of sheets as text: a row a line, `- Header: value | …`, under headings that name sheet and rows. */
export interface TableText {
  /** Begins a sheet; its name is a heading. */
  openSheet(name: string): void;
  /** `number` is the row's own, 1-based. Empty rows are left out. */
  addRow(number: number, cells: readonly string[]): void;
  finish(): { readonly text: string; readonly headings: readonly ParsedHeading[] };
}

function clean(cell: string): string {
  return cell.replace(/[\s\0]+/g, ' ').trim();
}

/** Column names are words, each another; numbers and dates are data. */
function isHeader(cells: readonly string[], next: readonly string[] | undefined): boolean {
  const named = cells.filter((cell) => cell !== '');
  if (next === undefined || named.length < 2 || new Set(named).size < named.length) return false;
  if (named.length < next.filter((cell) => cell !== '').length / 2) return false;
  return named.every((cell) => /\p{L}/u.test(cell) && cell.length <= MAX_HEADER_CHARACTERS);
}

interface Row {
  readonly number: number;
  readonly cells: readonly string[];
}

/** Errors: input/too-large when the text grows beyond its limit; `what` names the file: 'This spreadsheet'. */
export function createTableText(what: string): TableText {
  const parts: string[] = [];
  const headings: ParsedHeading[] = [];
  let length = 0;
  let header: readonly string[] = [];
  /** The first row, until the second says whether it names the columns. */
  let first: Row | undefined;
  let hasBegun = false;
  let hasSheet = false;
  let section: { readonly from: number; to: number; lines: string[]; characters: number } | undefined;

  const append = (piece: string): void => {
    parts.push(piece);
    length += piece.length;
  };
  const heading = (level: number, text: string): void => {
    if (length > 0) append('\n\n');
    headings.push({ level, text, start: length });
    append(text);
  };
  const flush = (): void => {
    if (section === undefined) return;
    const { from, to, lines } = section;
    section = undefined;
    heading(hasSheet ? 2 : 1, from === to ? `Row ${from}` : `Rows ${from}–${to}`);
    append(`\n${lines.join('\n')}`);
    if (length > MAX_CHARACTERS)
      throw new AppError(
        'input/too-large',
        `${what} has more text than can be read: row ${to} is beyond the limit of ${MAX_CHARACTERS / 2 ** 20} million characters. Split it and add the parts.`,
        { details: { limitCharacters: MAX_CHARACTERS, row: to } },
      );
  };
  const write = ({ number, cells }: Row): void => {
    const values = cells.flatMap((cell, i) => {
      if (cell === '') return [];
      const name = header[i];
      return [name ? `${name}: ${cell}` : cell];
    });
    const line = `- ${values.join(' | ')}`;
    if (section && section.characters + line.length > SECTION_CHARACTERS) flush();
    section ??= { from: number, to: number, lines: [], characters: 0 };
    section.to = number;
    section.lines.push(line);
    section.characters += line.length;
  };
  const settle = (next: readonly string[] | undefined): void => {
    if (first === undefined) return;
    const row = first;
    first = undefined;
    if (isHeader(row.cells, next)) header = row.cells;
    else write(row);
  };
  const closeSheet = (): void => {
    settle(undefined);
    flush();
    header = [];
    hasBegun = false;
  };

  return {
    openSheet(name) {
      closeSheet();
      hasSheet = true;
      const shown = clean(name);
      if (shown !== '') heading(1, shown);
    },
    addRow(number, raw) {
      const cells = raw.map(clean);
      if (cells.every((cell) => cell === '')) return;
      if (!hasBegun) {
        hasBegun = true;
        first = { number, cells };
        return;
      }
      settle(cells);
      write({ number, cells });
    },
    finish() {
      closeSheet();
      return { text: parts.join(''), headings };
    },
  };
}
