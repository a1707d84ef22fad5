import type { DocumentParser } from '#core/ports/document-parser.ts';
import { MAX_PACKAGE_BYTES } from './limits.ts';
import { isZip, zipHeadNames } from './sniff.ts';

const NAME = /\.(?:docx|docm|dotx|dotm)$/i;
const MEDIA_TYPE =
  /^application\/vnd\.(?:openxmlformats-officedocument\.wordprocessingml|ms-word\.document\.macro)/;

/** Word: paragraphs, lists, tables, notes and headings by their styles. Pictures are never unpacked. */
export function createDocxParser(): DocumentParser {
  return {
    id: 'docx',
    version: 2,
    maxBytes: MAX_PACKAGE_BYTES,
    // Also by name, so that what is no Word document is refused in words that help.
    accepts: ({ name, mediaType, head }) =>
      NAME.test(name) || MEDIA_TYPE.test(mediaType) || (isZip(head) && zipHeadNames(head, 'word/')),
    async parse(file, options) {
      const { readDocx } = await import('./docx-document.ts');
      return readDocx(file, options);
    },
  };
}
