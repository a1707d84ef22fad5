import * as v from 'valibot';
import type { ParsedDocument, ParsedTime } from '#core/ports/document-parser.ts';
import type { BlobRecord } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { Transcript } from '#core/ports/speech-recognizer.ts';

const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const transcriptSchema = v.object({
  language: v.string(),
  segments: v.array(v.object({ start: seconds, end: seconds, text: v.string() })),
});

const idOf = (documentId: string): string => `transcript:${documentId}`;

/** What is stored of a recording beside its bytes. */
export function transcriptBlob(documentId: string, transcript: Transcript): BlobRecord {
  const blob = new Blob([JSON.stringify(transcript)], { type: 'application/json' });
  return { id: idOf(documentId), blob };
}

/** Undefined when nobody has written it down yet, or an older version did so in another shape. */
export async function readTranscript(
  library: Pick<LibraryRepository, 'blob'>,
  documentId: string,
): Promise<Transcript | undefined> {
  const blob = await library.blob(idOf(documentId));
  if (blob === undefined) return undefined;
  const stored: unknown = JSON.parse(await blob.text());
  return v.is(transcriptSchema, stored) ? stored : undefined;
}

/** A pause as long as this begins a new paragraph. */
const PAUSE_SECONDS = 2;

/** The text of a recording, and for each stretch of it the seconds at which it was said. */
export function transcriptDocument({ segments }: Transcript): ParsedDocument {
  const times: ParsedTime[] = [];
  let text = '';
  let before: number | undefined;
  for (const segment of segments) {
    const said = segment.text.trim();
    if (said === '') continue;
    if (before !== undefined) text += segment.start - before >= PAUSE_SECONDS ? '\n\n' : ' ';
    times.push({
      start: text.length,
      end: text.length + said.length,
      seconds: segment.start,
      untilSeconds: segment.end,
    });
    text += said;
    before = segment.end;
  }
  return { text, pages: [], headings: [], boxes: [], times };
}
