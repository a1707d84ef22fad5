import type { DocumentParser } from '#core/ports/document-parser.ts';
import { MAX_PACKAGE_BYTES } from './limits.ts';
import { isZip } from './sniff.ts';

/** EPUB: the chapters in reading order, each under its heading or its name in the table of contents. */
export function createEpubParser(): DocumentParser {
  return {
    id: 'epub',
    version: 2,
    maxBytes: MAX_PACKAGE_BYTES,
    // Also by name, so that what is no book is refused in words that help.
    accepts: ({ name, mediaType, head }) =>
      /\.epub$/i.test(name) ||
      mediaType === 'application/epub+zip' ||
      // The type is the first member, stored plain, so that it can be read here (EPUB OCF 4.3).
      (isZip(head) &&
        new TextDecoder('latin1').decode(head.subarray(30, 64)).startsWith('mimetypeapplication/epub')),
    async parse(file, options) {
      const { readEpub } = await import('./epub-book.ts');
      return readEpub(file, options);
    },
  };
}
