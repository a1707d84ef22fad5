import type { DocumentParser, ParsedDocument } from '#core/ports/document-parser.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { parserFor } from './add-files.ts';
import { type CreateOcrParsers, createRecognizedPages, type RecognizedPagesPorts } from './recognition.ts';
import { readTranscript, transcriptDocument } from './transcript.ts';

export interface ReadStoredPorts extends RecognizedPagesPorts {
  readonly parsers: readonly DocumentParser[];
  /** Without it, text in pictures cannot be read. */
  readonly ocrParsers?: CreateOcrParsers;
}

export interface StoredReading {
  readonly parser: DocumentParser;
  readonly parsed: ParsedDocument;
}

/** For a document whose pictures the user agreed to have read; none for all others. */
function recognitionParsers(
  { ocrParsers, ...ports }: ReadStoredPorts,
  { id, recognition }: DocumentRecord,
): readonly DocumentParser[] {
  if (recognition === undefined || ocrParsers === undefined) return [];
  return ocrParsers({ ...recognition, pages: createRecognizedPages(ports, id, recognition) });
}

/** What a file that is no longer as it was when it was opened throws. */
function namedError(error: unknown, name: string): unknown {
  if (!(error instanceof DOMException) || !/^Not(?:Readable|Found)Error$/.test(error.name)) return error;
  return new AppError(
    'input/invalid',
    `“${name}” was changed or moved while it was read. Read it again; if that fails, add the file again.`,
    { cause: error },
  );
}

/** A page, a whole document, or a picture without a word in it; the details say whether pictures could still be read. */
function noText({ pages, times }: ParsedDocument, isRecognized: boolean): AppError {
  const isPictures = pages.length > 0 && !isRecognized;
  const message = isRecognized
    ? 'No text was found in the pictures of this document.'
    : isPictures
      ? 'There is no text in this document: its pages are pictures. Their text can be read with OCR.'
      : times
        ? 'No word was heard in this recording.'
        : 'There is no text in this document.';
  return new AppError('input/invalid', message, {
    details: isPictures ? { canRecognize: true, pageCount: pages.length } : {},
  });
}

/** Reads a stored original. Errors: those of the parsers, storage/corrupt, and input/invalid where there is no text. */
export async function readStored(
  ports: ReadStoredPorts,
  document: DocumentRecord,
  options: CallOptions,
): Promise<StoredReading> {
  const { parsers } = ports;
  const original = await ports.repositories.library.blob(`original:${document.id}`);
  if (original === undefined)
    throw new AppError('storage/corrupt', 'The original of this document is missing. Add the file again.');
  const file = new File([original], document.name, { type: document.mediaType });
  let parser: DocumentParser | undefined;
  let parsed: ParsedDocument;
  let isRecognized = false;
  try {
    const recognizing = recognitionParsers(ports, document);
    parser = await parserFor([...recognizing, ...parsers], file, document.name);
    isRecognized = parser !== undefined && recognizing.includes(parser);
    if (parser === undefined) throw new AppError('input/unsupported', 'This kind of file cannot be read.');
    const transcript = parser.isRecording
      ? await readTranscript(ports.repositories.library, document.id)
      : undefined;
    parsed = transcript ? transcriptDocument(transcript) : await parser.parse(file, options);
  } catch (error) {
    throw namedError(error, document.name);
  }
  if (parsed.text.trim() === '') throw noText(parsed, isRecognized);
  return { parser, parsed };
}
