import type { DocumentParser } from '#core/ports/document-parser.ts';
import { familyOf, outline } from './code-outline.ts';
import { decodeText } from './decode-text.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { binaryKind, isPdf, nameOf } from './sniff.ts';

/** Source code: the file as it is, with its classes and functions as headings, so that chunks end where they end. */
export function createCodeParser(): DocumentParser {
  return {
    id: 'code',
    version: 1,
    maxBytes: MAX_TEXT_BYTES,
    accepts: ({ name, head }) =>
      familyOf(name) !== undefined && !isPdf(head) && binaryKind(head) === undefined && !head.includes(0),
    async parse(file, options) {
      const text = await decodeText(file, options);
      const family = familyOf(nameOf(file));
      const headings = family === undefined ? [] : await outline(text, family, options?.signal);
      return { text, pages: [], headings, boxes: [] };
    },
  };
}
