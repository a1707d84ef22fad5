import type { DocumentParser } from '#core/ports/document-parser.ts';
import type {
  GreyPicture,
  RecognizedPages,
  RecognizedPicture,
  TextRecognizer,
} from '#core/ports/text-recognizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { checkPdf, createPdfParser } from './pdf.ts';
import { pictureKind } from './picture-head.ts';
import { refuseEmpty } from './sniff.ts';

/** No picture of 80 megapixels is larger. */
const MAX_PICTURE_BYTES = 256 * 2 ** 20;

/** Reads one page's picture, which is made only when it has not been read before. */
export type ReadPicture = (page: number, make: () => Promise<GreyPicture>) => Promise<RecognizedPicture>;

export interface OcrOptions {
  readonly recognizer: TextRecognizer;
  readonly language: string;
  /** Of the one document that is read; without it nothing is remembered. */
  readonly pages?: RecognizedPages;
}

/** An engine that dies of one page is a fault of that document: the others go on with a new one. */
function named(error: unknown, page: number): unknown {
  if (!(error instanceof AppError) || error.code !== 'worker/crashed') return error;
  return new AppError(
    'input/invalid',
    `The recognition engine stopped on page ${page}. Try again; if it happens again, leave that page out.`,
    { details: { page }, cause: error },
  );
}

function createReadPicture(
  { recognizer, language, pages }: OcrOptions,
  { signal }: CallOptions = {},
): ReadPicture {
  return async (page, make) => {
    const known = await pages?.get(page);
    if (known) return known;
    const picture = await make();
    const found = await recognizer
      .recognize({ language, picture }, signal ? { signal } : {})
      .catch((error: unknown) => Promise.reject(named(error, page)));
    await pages?.set(page, found);
    return found;
  };
}

/** Text in pictures: scanned PDFs, and photographs and screenshots of text. Only for what the user said yes to. */
export function createOcrParsers(ocr: OcrOptions): DocumentParser[] {
  const pdf = createPdfParser();
  return [
    {
      id: `pdf-ocr-${ocr.language}`,
      version: 1,
      maxBytes: pdf.maxBytes,
      accepts: pdf.accepts,
      async parse(file, options) {
        const isCutOff = await checkPdf(file);
        const { readScannedPdf } = await import('./ocr-pdf.ts');
        return readScannedPdf(file, isCutOff, createReadPicture(ocr, options), options);
      },
    },
    {
      id: `picture-ocr-${ocr.language}`,
      version: 1,
      maxBytes: MAX_PICTURE_BYTES,
      accepts: ({ head }) => pictureKind(head) !== undefined,
      async parse(file, options) {
        refuseEmpty(file);
        const { readPictureText } = await import('./ocr-picture.ts');
        return readPictureText(file, createReadPicture(ocr, options), options);
      },
    },
  ];
}
