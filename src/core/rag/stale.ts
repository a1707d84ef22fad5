import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { DocumentRecord, NextReading } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { CHUNKER_VERSION } from './chunk.ts';

type ReadBy = Partial<Pick<NextReading, 'parserId' | 'parserVersion' | 'chunkerVersion'>>;

/** Whether a reading was made by this parser and today's chunker: then reading again would give the same chunks. */
export function isSameReading(reading: ReadBy, parser: DocumentParser | undefined): boolean {
  return (
    parser !== undefined &&
    reading.chunkerVersion === CHUNKER_VERSION &&
    reading.parserId === parser.id &&
    reading.parserVersion === parser.version
  );
}

/** Whether a reading is as today's parser of that name would make it; one whose parser is gone is not. */
export function isTodaysReading(reading: ReadBy, parsers: readonly DocumentParser[]): boolean {
  return isSameReading(
    reading,
    parsers.find(({ id }) => id === reading.parserId),
  );
}

/**
 * Documents that answer, but by another embedder, parser or chunker than today's. No model is loaded for it. Rows of older
 * versions do not say their space: with one space there is no doubt, with several they are looked at again.
 */
export async function staleDocuments(
  library: LibraryRepository,
  parsersOf: (document: DocumentRecord) => readonly DocumentParser[],
  embedder: ModelSpec,
): Promise<readonly string[]> {
  const spaces = await library.spaces();
  const models = new Map(spaces.map(({ id, modelId }) => [id, modelId]));
  const only = spaces.length === 1 ? spaces[0]?.id : undefined;
  return (await library.documents()).flatMap((document) => {
    const { id, status, spaceId = only } = document;
    if (status !== 'ready') return [];
    return isTodaysReading(document, parsersOf(document)) && models.get(spaceId ?? '') === embedder.id
      ? []
      : [id];
  });
}
