import type { DocumentParser } from '#core/ports/document-parser.ts';
import { decodeText } from './decode-text.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { binaryKind, isPdf } from './sniff.ts';

const NAME = /\.(?:csv|tsv|tab)$/i;

/** Tables as text, separated by commas, semicolons, tabs or bars. */
export function createCsvParser(): DocumentParser {
  return {
    id: 'csv',
    version: 1,
    maxBytes: MAX_TEXT_BYTES,
    accepts: ({ name, mediaType, head }) =>
      !isPdf(head) &&
      (NAME.test(name) ||
        (binaryKind(head) === undefined &&
          /^text\/(?:csv|tab-separated-values)/.test(mediaType) &&
          !/\.\w+$/.test(name))),
    async parse(file, options) {
      const source = await decodeText(file, options);
      const { readCsv } = await import('./csv-table.ts');
      return readCsv(source, options?.signal);
    },
  };
}
