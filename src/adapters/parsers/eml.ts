import type { DocumentParser } from '#core/ports/document-parser.ts';
import { MAX_MAIL_BYTES } from './limits.ts';

/** Mail as it was saved: subject, who, when, the names of what is attached, and the message. */
export function createEmlParser(): DocumentParser {
  return {
    id: 'eml',
    version: 1,
    maxBytes: MAX_MAIL_BYTES,
    accepts: ({ name, mediaType }) => /\.eml$/i.test(name) || mediaType === 'message/rfc822',
    async parse(file, options) {
      const { readMail } = await import('./eml-message.ts');
      return readMail(file, options);
    },
  };
}
