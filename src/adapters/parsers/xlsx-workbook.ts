import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { createBreather, throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { missingPart, openPackage } from './office-package.ts';
import { nameOf } from './sniff.ts';
import { createTableText } from './table-text.ts';
import { cellsOf, kindsOf, richText, type Workbook } from './xlsx-cells.ts';
import { attributesOf, eachTag } from './xml-scan.ts';
import { streamElements } from './xml-stream.ts';
import type { ZipArchive } from './zip-archive.ts';

const KIND = { noun: 'spreadsheet', ending: '.xlsx' };
const WHAT = 'This spreadsheet';
const WORKBOOK = 'xl/workbook.xml';
/** Sheets are read as a stream: this bounds the time, not the memory. */
const MAX_SHEET_BYTES = 1024 * 2 ** 20;
/** Texts that cells share are held while the sheets are read. */
const MAX_SHARED_BYTES = 256 * 2 ** 20;
const MAX_PART_BYTES = 16 * 2 ** 20;

interface Sheet {
  readonly name: string;
  readonly path: string;
}

async function partText(
  archive: ZipArchive,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const entry = archive.find(name);
  if (entry === undefined) return undefined;
  return new TextDecoder().decode(await archive.bytes(entry, { maxBytes: MAX_PART_BYTES, signal }));
}

/** Sheets in the order of their tabs. Hidden ones are left out: what nobody sees is not what a model should read. */
async function sheetsOf(
  archive: ZipArchive,
  book: string,
  signal: AbortSignal | undefined,
): Promise<Sheet[]> {
  const relations = (await partText(archive, 'xl/_rels/workbook.xml.rels', signal)) ?? '';
  const targets = new Map<string, string>();
  for (const relation of eachTag(relations, 'Relationship')) {
    const target = relation.get('Target') ?? '';
    if (!relation.get('Type')?.endsWith('/worksheet')) continue;
    targets.set(relation.get('Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  return Array.from(eachTag(book, 'sheet')).flatMap((sheet) => {
    const id = [...sheet].find(([name]) => name.endsWith(':id'))?.[1] ?? '';
    const path = targets.get(id);
    if (path === undefined || /hidden/i.test(sheet.get('state') ?? '')) return [];
    return [{ name: sheet.get('name') ?? '', path }];
  });
}

async function sharedStrings(
  archive: ZipArchive,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const entry = archive.find('xl/sharedStrings.xml');
  if (entry === undefined) return [];
  const shared: string[] = [];
  const pieces = archive.pieces(entry, { maxBytes: MAX_SHARED_BYTES, signal });
  for await (const { inner } of streamElements(pieces, 'si', 'sst', WHAT)) shared.push(richText(inner));
  return shared;
}

/** Errors: those of openPackage, input/invalid (no cells), input/too-large with the row at which the limit is met. */
export async function readXlsx(file: Blob, options: CallOptions | undefined): Promise<ParsedDocument> {
  const signal = options?.signal;
  throwIfAborted(signal);
  const archive = await openPackage(file, KIND);
  const book = await partText(archive, WORKBOOK, signal);
  if (book === undefined) throw missingPart(KIND.noun, WORKBOOK);
  const sheets = await sheetsOf(archive, book, signal);
  const workbook: Workbook = {
    shared: await sharedStrings(archive, signal),
    kinds: kindsOf((await partText(archive, 'xl/styles.xml', signal)) ?? ''),
    is1904: Array.from(eachTag(book, 'workbookPr')).some((each) =>
      /^(?:1|true)$/.test(each.get('date1904') ?? ''),
    ),
  };
  const table = createTableText(WHAT);
  const pace = createBreather(signal);
  for (const [i, { name, path }] of sheets.entries()) {
    const entry = archive.find(path);
    if (entry === undefined) throw missingPart(KIND.noun, path);
    options?.onProgress?.({
      phase: 'parse',
      done: i,
      total: sheets.length,
      unit: 'fraction',
      label: nameOf(file),
    });
    table.openSheet(name);
    let number = 0;
    const pieces = archive.pieces(entry, { maxBytes: MAX_SHEET_BYTES, signal });
    for await (const { attributes, inner } of streamElements(pieces, 'row', 'sheetData', WHAT)) {
      number = Number(attributesOf(attributes).get('r') ?? number + 1);
      table.addRow(number, cellsOf(inner, workbook));
      const breath = pace();
      if (breath) await breath;
    }
  }
  const { text, headings } = table.finish();
  if (!headings.some(({ level }) => level === 2))
    throw new AppError(
      'input/invalid',
      'This spreadsheet has no cells with text in the sheets that are shown. Check that its values were saved, then add it again.',
    );
  throwIfAborted(signal);
  options?.onProgress?.({
    phase: 'parse',
    done: sheets.length,
    total: sheets.length,
    unit: 'fraction',
    label: nameOf(file),
  });
  return { text, headings, pages: [], boxes: [] };
}
