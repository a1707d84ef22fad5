// Small writers of the formats that are ZIP archives of XML, for fixtures and tests. Only what a reader needs is written.
import { strToU8, zipSync } from 'fflate';

/** ZIP dates begin in 1980; a fixed one makes the same bytes every time. */
const MTIME = new Date(2024, 0, 1, 12);

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * @param {Readonly<Record<string, string | Uint8Array>>} files
 * @param {{ level?: 0 | 6 }} [options]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writeZip(files, { level = 6 } = {}) {
  const bytes = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [
      name,
      typeof content === 'string' ? strToU8(content) : content,
    ]),
  );
  return zipSync(bytes, { level, mtime: MTIME });
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** @param {Readonly<Record<string, string>>} parts */
const contentTypes = (parts) =>
  `${XML}<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>${Object.entries(
    parts,
  )
    .map(([name, type]) => `<Override PartName="/${name}" ContentType="${type}"/>`)
    .join('')}</Types>`;

/** @param {readonly (readonly [string, string, string])[]} list */
const relations = (list) =>
  `${XML}<Relationships xmlns="${RELATIONS}">${list
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

/** @param {string} text */
const run = (text) => `<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`;

/** @param {import('./office-writer.d.mts').DocxBlock} block */
function docxBlock(block) {
  if (typeof block === 'string') return `<w:p>${run(block)}</w:p>`;
  if ('xml' in block) return block.xml;
  if ('table' in block)
    return `<w:tbl>${block.table
      .map((row) => `<w:tr>${row.map((cell) => `<w:tc><w:p>${run(cell)}</w:p></w:tc>`).join('')}</w:tr>`)
      .join('')}</w:tbl>`;
  return `<w:p><w:pPr><w:pStyle w:val="${block.level === 0 ? 'Title' : `Heading${block.level}`}"/></w:pPr>${run(block.heading)}</w:p>`;
}

/** @param {import('./office-writer.d.mts').DocxInput} input */
export function writeDocx({ title = '', blocks, media = {} }) {
  const styles = [0, 1, 2, 3]
    .map((level) =>
      level === 0
        ? '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
        : `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
    )
    .join('');
  return writeZip({
    '[Content_Types].xml': contentTypes({
      'word/document.xml': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
      'word/styles.xml': 'application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml',
    }),
    '_rels/.rels': relations([['rId1', 'officeDocument', 'word/document.xml']]),
    'word/document.xml': `${XML}<w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}"><w:body>${blocks.map(docxBlock).join('')}</w:body></w:document>`,
    'word/styles.xml': `${XML}<w:styles xmlns:w="${WORD}">${styles}</w:styles>`,
    'word/_rels/document.xml.rels': relations([['rId1', 'styles', 'styles.xml']]),
    'docProps/core.xml': `${XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escaped(title)}</dc:title></cp:coreProperties>`,
    ...Object.fromEntries(Object.entries(media).map(([name, bytes]) => [`word/media/${name}`, bytes])),
  });
}

/** @param {number} index */
function columnName(index) {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** Cells: a string (shared), a number, a boolean, a date (a serial number with the style of a date), null. */
/** @param {import('./office-writer.d.mts').XlsxInput} input */
export function writeXlsx({ sheets }) {
  /** @type {Map<string, number>} */
  const shared = new Map();
  /** @param {string} text */
  const sharedAt = (text) => {
    if (!shared.has(text)) shared.set(text, shared.size);
    return shared.get(text) ?? 0;
  };
  /** @param {import('./office-writer.d.mts').XlsxCell} value @param {string} at */
  const cell = (value, at) => {
    if (value === null) return '';
    if (typeof value === 'string') return `<c r="${at}" t="s"><v>${sharedAt(value)}</v></c>`;
    if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`;
    if (value instanceof Date)
      return `<c r="${at}" s="1"><v>${value.getTime() / 86_400_000 + 25_569}</v></c>`;
    return `<c r="${at}"><v>${value}</v></c>`;
  };
  const bodies = sheets.map(
    ({ rows }) =>
      `${XML}<worksheet xmlns="${SHEET}"><sheetData>${rows
        .map(
          (row, r) =>
            `<row r="${r + 1}">${row.map((value, c) => cell(value, `${columnName(c)}${r + 1}`)).join('')}</row>`,
        )
        .join('')}</sheetData></worksheet>`,
  );
  return writeZip({
    '[Content_Types].xml': contentTypes({
      'xl/workbook.xml': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
    }),
    '_rels/.rels': relations([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${XML}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets>${sheets
      .map(
        ({ name, isHidden }, i) =>
          `<sheet name="${escaped(name)}" sheetId="${i + 1}"${isHidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map(
        (_, i) => /** @type {const} */ ([`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`]),
      ),
      ['rIdS', 'sharedStrings', 'sharedStrings.xml'],
      ['rIdT', 'styles', 'styles.xml'],
    ]),
    ...Object.fromEntries(bodies.map((body, i) => [`xl/worksheets/sheet${i + 1}.xml`, body])),
    'xl/sharedStrings.xml': `${XML}<sst xmlns="${SHEET}">${[...shared.keys()]
      .map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`)
      .join('')}</sst>`,
    'xl/styles.xml': `${XML}<styleSheet xmlns="${SHEET}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  });
}

/** @param {import('./office-writer.d.mts').EpubInput} input */
export function writeEpub({ title, chapters, extra = {} }) {
  const item = (i) =>
    `<item id="c${i}" href="text/chapter%20${i}.xhtml" media-type="application/xhtml+xml"/>`;
  return writeZip({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': `${XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    'OEBPS/content.opf': `${XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escaped(title)}</dc:title></metadata><manifest>${chapters.map((_, i) => item(i)).join('')}<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest><spine>${chapters.map((_, i) => `<itemref idref="c${i}"/>`).join('')}</spine></package>`,
    'OEBPS/nav.xhtml': `${XML}<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>${chapters
      .map(({ label }, i) => `<li><a href="text/chapter%20${i}.xhtml">${escaped(label)}</a></li>`)
      .join('')}</ol></nav></body></html>`,
    ...Object.fromEntries(
      chapters.map(({ body }, i) => [
        `OEBPS/text/chapter ${i}.xhtml`,
        `${XML}<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${body}</body></html>`,
      ]),
    ),
    ...extra,
  });
}
