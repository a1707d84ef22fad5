const two = (value: number): string => String(value).padStart(2, '0');

/** '2026-11-26 09.15', by the user's clock; no colon, because it becomes a file's name. */
function stamp(epochMs: number): string {
  const at = new Date(epochMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}.${two(at.getMinutes())}`;
}

/** Rows of tab-separated text as spreadsheets copy it: a cell with a line end or a quote in it stands in quotes. */
function tsvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A quoted cell counts only when it is closed right before a tab or a line end; else its quote is a character.
  const cell = /(?:"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) break;
    const [, quoted, plain = '', end] = match;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\t' && cell.lastIndex < text.length) continue;
    if (end === '\t') row.push('');
    rows.push(row);
    row = [];
  }
  return rows;
}

/** Rows of a table: two columns at least, as many in each row. */
function tableOf(text: string): readonly string[][] | undefined {
  if (!text.includes('\t')) return undefined;
  const rows = tsvRows(text);
  const columns = rows[0]?.length ?? 0;
  return rows.length > 1 && columns > 1 && rows.every(({ length }) => length === columns) ? rows : undefined;
}

function csvOf(rows: readonly string[][]): string {
  const cell = (value: string): string =>
    /[",\r\n]/.test(value) || value !== value.trim() ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** What is on the clipboard as a document: a spreadsheet's cells as CSV, other text as Markdown; undefined = no text. */
export function pastedDocument(text: string, now: number): File | undefined {
  if (text.trim() === '') return undefined;
  const rows = tableOf(text);
  return rows
    ? new File([csvOf(rows)], `Pasted table ${stamp(now)}.csv`, { type: 'text/csv' })
    : new File([text], `Pasted text ${stamp(now)}.md`, { type: 'text/markdown' });
}
