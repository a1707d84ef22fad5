import type { DocumentParser, ParsedDocument } from '#core/ports/document-parser.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { parserFor } from './add-files.ts';

export interface StoredReading {
  readonly parser: DocumentParser;
  readonly parsed: ParsedDocument;
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

/** Reads a stored original. Errors: those of the parsers, storage/corrupt, and input/invalid where there is no text. */
export async function readStored(
  library: LibraryRepository,
  parsers: readonly DocumentParser[],
  document: DocumentRecord,
  options: CallOptions,
): Promise<StoredReading> {
  const original = await library.blob(`original:${document.id}`);
  if (original === undefined)
    throw new AppError('storage/corrupt', 'The original of this document is missing. Add the file again.');
  const file = new File([original], document.name, { type: document.mediaType });
  let parser: DocumentParser | undefined;
  let parsed: ParsedDocument;
  try {
    parser = await parserFor(parsers, file, document.name);
    if (parser === undefined) throw new AppError('input/unsupported', 'This kind of file cannot be read.');
    parsed = await parser.parse(file, options);
  } catch (error) {
    throw namedError(error, document.name);
  }
  if (parsed.text.trim() === '')
    throw new AppError(
      'input/invalid',
      parsed.pages.length > 0
        ? 'There is no text in this document: its pages are pictures. Run text recognition over it, then add the result.'
        : 'There is no text in this document.',
    );
  return { parser, parsed };
}
