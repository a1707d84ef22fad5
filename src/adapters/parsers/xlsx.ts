import type { DocumentParser } from '#core/ports/document-parser.ts';
import { MAX_PACKAGE_BYTES } from './limits.ts';
import { isZip, zipHeadNames } from './sniff.ts';

const NAME = /\.(?:xlsx|xlsm|xltx|xltm)$/i;
const MEDIA_TYPE =
  /^application\/vnd\.(?:openxmlformats-officedocument\.spreadsheetml|ms-excel\.sheet\.macro)/;

/** Spreadsheets: a row a line with the names of its columns; the cells' last computed values, dates as dates. */
export function createXlsxParser(): DocumentParser {
  return {
    id: 'xlsx',
    version: 2,
    maxBytes: MAX_PACKAGE_BYTES,
    // Also by name, so that what is no spreadsheet is refused in words that help.
    accepts: ({ name, mediaType, head }) =>
      NAME.test(name) || MEDIA_TYPE.test(mediaType) || (isZip(head) && zipHeadNames(head, 'xl/')),
    async parse(file, options) {
      const { readXlsx } = await import('./xlsx-workbook.ts');
      return readXlsx(file, options);
    },
  };
}
