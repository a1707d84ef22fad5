import * as v from 'valibot';
import type { DocumentParser } from '#core/ports/document-parser.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { IngestInput } from '#core/ports/library.ts';
import type { ChunkRecord, DocumentRecord, SpaceRecord } from '#core/ports/library-records.ts';
import type { DocumentUpdate, Repositories } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import type { EmbeddingRoom } from './embedding-room.ts';
import type { IngestProgress } from './ingest-progress.ts';
import type { CreateOcrParsers } from './recognition.ts';

export interface IngestPorts {
  readonly repositories: Repositories;
  readonly parsers: readonly DocumentParser[];
  readonly ocrParsers?: CreateOcrParsers;
  readonly embeddings: EmbeddingRoom;
  readonly now: () => number;
}

/** One run of an ingest job. */
export interface IngestRun extends IngestPorts {
  readonly job: JobRecord;
  readonly input: IngestInput;
  readonly space: SpaceRecord;
  readonly maxInputTokens: number;
  readonly progress: IngestProgress;
  readonly signal: AbortSignal | undefined;
  readonly failed: Set<string>;
  readonly ready: Set<string>;
}

/**
 * One chunk, or the end of a document. `isNext`: the document answers already, by an older reading; this one is stored
 * beside it, and the chunk bears the id of those rows.
 */
export type IngestItem = { readonly documentId: string; readonly isNext: boolean } & (
  | { readonly chunk: ChunkRecord }
  | { readonly chunkCount: number }
);

const inputSchema = v.object({
  documentIds: v.array(v.string()),
  embedder: v.looseObject({ id: v.string() }),
});

export function inputOf(job: JobRecord): IngestInput {
  if (!v.is(inputSchema, job.input))
    throw new AppError('job/interrupted', 'This job does not say what to index. Remove it and start again.');
  return job.input as unknown as IngestInput;
}

/** A change of a document, without the error of an earlier try. */
export function updateOf(id: string, change: Partial<DocumentRecord>): DocumentUpdate {
  return { id, change: ({ error: _, ...stored }) => ({ ...stored, ...change }) };
}
