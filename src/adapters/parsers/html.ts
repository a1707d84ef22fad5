import type { DocumentParser } from '#core/ports/document-parser.ts';
import { AppError } from '#shared/errors.ts';
import { decodeText } from './decode-text.ts';
import { MAX_PAGE_BYTES } from './limits.ts';
import { binaryKind, isPdf, looksLikeHtml } from './sniff.ts';

/** The charset a page declares in its first bytes; undefined when it names none that is known. */
function declaredCharset(head: Uint8Array): string | undefined {
  const opening = new TextDecoder('windows-1252').decode(head.subarray(0, 2048));
  const named =
    /<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(opening)?.[1] ??
    /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)/i.exec(opening)?.[1];
  if (named === undefined) return undefined;
  try {
    const label = new TextDecoder(named).encoding;
    // A page that could be read up to its meta element is not UTF-16, whatever it says (HTML, 13.2.3.2).
    return label.startsWith('utf-16') ? 'utf-8' : label;
  } catch {
    return undefined;
  }
}

/** Web pages: the part that a reader came for, without menus, scripts and hidden parts. */
export function createHtmlParser(): DocumentParser {
  return {
    id: 'html',
    version: 3,
    maxBytes: MAX_PAGE_BYTES,
    accepts: ({ name, mediaType, head }) =>
      !isPdf(head) &&
      binaryKind(head) === undefined &&
      (looksLikeHtml(head) ||
        /\.x?html?$/i.test(name) ||
        /^(?:text\/html|application\/xhtml\+xml)/.test(mediaType)),
    async parse(file, options) {
      if (file.size > MAX_PAGE_BYTES)
        throw new AppError(
          'input/too-large',
          `This page has ${Math.round(file.size / 2 ** 20)} MB; pages up to ${MAX_PAGE_BYTES / 2 ** 20} MB can be read. Save its text as .txt and add that.`,
          { details: { sizeBytes: file.size, limitBytes: MAX_PAGE_BYTES } },
        );
      const source = await decodeText(file, options, declaredCharset);
      const { readHtml } = await import('./html-text.ts');
      return readHtml(source, options?.signal, { isPage: true });
    },
  };
}
