import type { DocumentParser } from '#core/ports/document-parser.ts';
import { decodeText } from './decode-text.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { binaryKind, isPdf } from './sniff.ts';

const NAMES =
  /\.(?:txt|text|log|rst|org|adoc|tex|jsonl?|ya?ml|toml|ini|cfg|conf|properties|xml|css|scss|less|srt|vtt)$|(?:^|\/)(?:dockerfile|makefile|license|readme|changelog|notice|copying)$/i;

/** Plain text: the whole file, nothing taken away but the byte order mark and carriage returns. */
export function createTextParser(): DocumentParser {
  return {
    id: 'text',
    version: 1,
    maxBytes: MAX_TEXT_BYTES,
    accepts: ({ name, mediaType, head }) =>
      NAMES.test(name) ||
      (!isPdf(head) &&
        binaryKind(head) === undefined &&
        mediaType.startsWith('text/') &&
        mediaType !== 'text/html'),
    async parse(file, options) {
      const text = await decodeText(file, options);
      return { text, pages: [], headings: [], boxes: [] };
    },
  };
}
