import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { ChunkRecord, DocumentRecord } from '#core/ports/library-records.ts';

/** A chunk as a source shows it; how it was found is for the caller to say. */
export function passageOfChunk(
  { name }: Pick<DocumentRecord, 'name'>,
  { documentId, ordinal, text, start, end, page, seconds, headingPath }: ChunkRecord,
): Omit<SourcePassage, 'number' | 'score' | 'origin'> {
  return {
    documentId,
    documentName: name,
    ordinal,
    text,
    start,
    end,
    ...(page === undefined ? {} : { page }),
    ...(seconds === undefined ? {} : { seconds }),
    headingPath,
  };
}
