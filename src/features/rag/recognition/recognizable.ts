import type { DocumentRecord } from '#core/ports/library-records.ts';

const isPdf = ({ name, mediaType }: DocumentRecord): boolean =>
  mediaType === 'application/pdf' || /\.pdf$/i.test(name);

const isRecognized = ({ parserId = '' }: DocumentRecord): boolean => parserId.includes('-ocr-');

/** A document whose pictures nobody has looked at yet. */
export function canRecognize(document: DocumentRecord): boolean {
  const { status, error } = document;
  if (status === 'failed') return error?.details?.canRecognize === true;
  return status === 'ready' && isPdf(document) && !isRecognized(document);
}

/** Pages of a PDF without a word of their own: scans, pictures, or blank. */
export function pagesWithoutText(document: DocumentRecord): number {
  if (document.status !== 'ready' || !isPdf(document) || isRecognized(document)) return 0;
  return (document.pages ?? []).filter(({ start, end }) => start === end).length;
}

/** How many pages there are to read; undefined when only a look at them can tell. */
export function pagesToRecognize(document: DocumentRecord): number | undefined {
  const { pageCount } = document.error?.details ?? {};
  if (document.status === 'failed') return typeof pageCount === 'number' ? pageCount : undefined;
  return pagesWithoutText(document) || undefined;
}

export interface RecognizedText {
  readonly pages: number;
  /** 0 to 1, over all characters. */
  readonly confidence: number;
  readonly worst: { readonly page: number; readonly confidence: number };
}

/** How surely the recognized pages of a document were read; undefined when it has none. */
export function recognizedText({ pages = [] }: DocumentRecord): RecognizedText | undefined {
  let characters = 0;
  let sure = 0;
  let count = 0;
  let worst: RecognizedText['worst'] | undefined;
  for (const { number, start, end, confidence } of pages) {
    if (confidence === undefined || end === start) continue;
    count++;
    characters += end - start;
    sure += confidence * (end - start);
    if (confidence < (worst?.confidence ?? 2)) worst = { page: number, confidence };
  }
  return worst && { pages: count, confidence: sure / characters, worst };
}
