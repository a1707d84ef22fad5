import { attributesOf, decodeXml, eachElement, eachTag } from './xml-scan.ts';

/** How the number of a cell is shown. */
export type NumberKind = 'plain' | 'percent' | 'date' | 'time' | 'date-time';

/** What cells refer to: texts that they share, and how their styles show numbers. */
export interface Workbook {
  readonly shared: readonly string[];
  readonly kinds: readonly NumberKind[];
  /** Days are counted from 1904 in files of old Macs. */
  readonly is1904: boolean;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** 30 December 1899, so that 1 March 1900 is day 61 as in Excel, which believes in a 29 February 1900. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
const DAYS_TO_1904 = 1462;

/** Formats that every program knows by number (ECMA-376 part 1, 18.8.30). */
function builtIn(id: number): NumberKind {
  if (id === 9 || id === 10) return 'percent';
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return 'date';
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return 'time';
  return id === 22 ? 'date-time' : 'plain';
}

function kindOfCode(code: string): NumberKind {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  if (bare.includes('%')) return 'percent';
  const hasDay = /[yd]/i.test(bare);
  const hasTime = /[hs]/i.test(bare);
  if (hasDay && hasTime) return 'date-time';
  if (hasTime) return 'time';
  return hasDay || /m/i.test(bare.replace(/general/i, '')) ? 'date' : 'plain';
}

/** The kinds of all cell styles, in the order in which cells name them. */
export function kindsOf(stylesXml: string): readonly NumberKind[] {
  const codes = new Map<number, string>();
  for (const format of eachTag(stylesXml, 'numFmt'))
    codes.set(Number(format.get('numFmtId')), format.get('formatCode') ?? '');
  const [cells] = eachElement(stylesXml, 'cellXfs');
  return Array.from(eachTag(cells?.inner ?? '', 'xf'), (style) => {
    const id = Number(style.get('numFmtId') ?? 0);
    const code = codes.get(id);
    return code === undefined ? builtIn(id) : kindOfCode(code);
  });
}

function withoutElements(xml: string, name: string): string {
  let kept = '';
  let at = 0;
  for (const { start, end } of eachElement(xml, name)) {
    kept += xml.slice(at, start);
    at = end;
  }
  return kept + xml.slice(at);
}

/** The text of a rich string: its runs joined, without the reading aids of East Asian text. */
export function richText(xml: string): string {
  let text = '';
  const plain = xml.includes('rPh') ? withoutElements(xml, 'rPh') : xml;
  for (const [, run = ''] of plain.matchAll(/<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)<\/(?:\w+:)?t>/g)) text += run;
  return decodeXml(text).replace(/_x([\dA-Fa-f]{4})_/g, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function dateText(value: number, kind: NumberKind, is1904: boolean): string {
  const ms = Math.round((value + (is1904 ? DAYS_TO_1904 : 0)) * DAY_MS);
  const date = new Date(EPOCH_MS + ms);
  if (Number.isNaN(date.getTime())) return String(value);
  const [day = '', clock = ''] = date.toISOString().split('T');
  const time = clock.startsWith('00', 6) ? clock.slice(0, 5) : clock.slice(0, 8);
  if (kind === 'date') return day;
  if (kind === 'time') {
    // Hours of the rounded time: 1.9999999999 days are 48:00, not 47:00.
    const lasts = Math.round(value * DAY_MS);
    return lasts < DAY_MS ? time : `${Math.floor(lasts / HOUR_MS)}${time.slice(2)}`;
  }
  return `${day} ${time}`;
}

/** 15 digits are all that Excel keeps: 0.30000000000000004 was 0.3. */
function numberText(raw: string, kind: NumberKind, is1904: boolean): string {
  const value = Number(raw);
  if (raw === '' || !Number.isFinite(value)) return raw;
  if (kind === 'percent') return `${Number((value * 100).toPrecision(12))}%`;
  if (kind !== 'plain' && value >= 0 && value < 2_958_466) return dateText(value, kind, is1904);
  return String(Number(value.toPrecision(15)));
}

/** 0-based: A is 0, Z is 25, AA is 26. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/i.exec(reference ?? '')?.[0].toUpperCase();
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function cellText(type: string | undefined, style: number, inner: string, workbook: Workbook): string {
  if (type === 'inlineStr') return richText(inner);
  const raw = decodeXml(/<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</.exec(inner)?.[1] ?? '');
  if (type === 's') return workbook.shared[Number(raw)] ?? '';
  if (type === 'b') return raw === '1' ? 'TRUE' : 'FALSE';
  if (type === 'str' || type === 'e' || type === 'd') return raw;
  return numberText(raw, workbook.kinds[style] ?? 'plain', workbook.is1904);
}

/** The cells of a row by their columns; those that are not there are empty. */
export function cellsOf(rowXml: string, workbook: Workbook): readonly string[] {
  const cells: string[] = [];
  let next = 0;
  for (const { attributes: tag, inner } of eachElement(rowXml, 'c')) {
    const attributes = attributesOf(tag);
    const column = columnOf(attributes.get('r')) ?? next;
    next = column + 1;
    if (inner === '') continue;
    const text = cellText(attributes.get('t'), Number(attributes.get('s') ?? 0), inner, workbook);
    while (cells.length < column) cells.push('');
    cells[column] = text;
  }
  return cells;
}
