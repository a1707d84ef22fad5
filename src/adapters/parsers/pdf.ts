import type { DocumentParser } from '#core/ports/document-parser.ts';
import { AppError } from '#shared/errors.ts';
import { MAX_PDF_BYTES } from './limits.ts';
import { binaryKind, headOf, isPdf, looksLikeHtml, refuseEmpty } from './sniff.ts';

const TAIL_BYTES = 64 * 1024;

async function refuseWhatIsNoPdf(file: Blob): Promise<void> {
  refuseEmpty(file);
  const head = await headOf(file);
  if (!isPdf(head)) {
    const kind = binaryKind(head) ?? (looksLikeHtml(head) ? 'a web page' : 'something else');
    throw new AppError(
      'input/invalid',
      `This file is named like a PDF, but it is ${kind}. Give it the right name, or add the PDF itself.`,
      { details: { kind } },
    );
  }
  if (file.size > MAX_PDF_BYTES)
    throw new AppError(
      'input/too-large',
      `This PDF has ${Math.round(file.size / 2 ** 20)} MB; up to ${MAX_PDF_BYTES / 2 ** 20} MB can be read. Split it and add the parts.`,
      { details: { sizeBytes: file.size, limitBytes: MAX_PDF_BYTES } },
    );
}

/** Every PDF writer ends with `startxref … %%EOF`; without either the file was cut off on its way. */
async function isCutOff(file: Blob): Promise<boolean> {
  const tail = new TextDecoder('latin1').decode(
    await file.slice(Math.max(0, file.size - TAIL_BYTES)).arrayBuffer(),
  );
  return !tail.includes('%%EOF') && !tail.includes('startxref');
}

/** Refuses what is no PDF, and says whether the end of the file is missing. */
export async function checkPdf(file: Blob): Promise<boolean> {
  await refuseWhatIsNoPdf(file);
  return isCutOff(file);
}

/** PDF: text in reading order with a box for every run. A cut or damaged file is refused whole, never half read. */
export function createPdfParser(): DocumentParser {
  return {
    id: 'pdf',
    version: 1,
    maxBytes: MAX_PDF_BYTES,
    // Also by name, so that what is no PDF is refused in words that help.
    accepts: ({ name, mediaType, head }) =>
      isPdf(head) || /\.pdf$/i.test(name) || mediaType === 'application/pdf',
    async parse(file, options) {
      const isCut = await checkPdf(file);
      const { readPdf } = await import('./pdf-document.ts');
      return readPdf(file, isCut, options);
    },
  };
}
