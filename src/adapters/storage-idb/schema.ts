import type { DBSchema } from 'idb';
import type { MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { DatasetRecord, EvalRunRecord } from '#core/ports/eval-records.ts';
import type { ImageRecord, ImageVectorSegment } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type {
  BlobRecord,
  ChunkRecord,
  CollectionRecord,
  DocumentRecord,
  SavedIndexRecord,
  SpaceRecord,
  VectorSegment,
} from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';

/** The name is frozen: a database of another name would be an empty Benchtop. */
export const DATABASE_NAME = 'benchtop';

export interface BenchtopSchema extends DBSchema {
  threads: { key: string; value: ThreadRecord; indexes: { updatedAt: number } };
  messages: { key: string; value: MessageRecord; indexes: { threadId: string } };
  collections: { key: string; value: CollectionRecord };
  documents: { key: string; value: DocumentRecord; indexes: { collectionIds: string } };
  chunks: { key: [string, number]; value: ChunkRecord };
  blobs: { key: string; value: BlobRecord };
  spaces: { key: string; value: SpaceRecord };
  vectors: { key: [string, number]; value: VectorSegment; indexes: { documentIds: string } };
  indexes: { key: string; value: SavedIndexRecord };
  images: { key: string; value: ImageRecord };
  imageVectors: { key: [string, number]; value: ImageVectorSegment; indexes: { imageIds: string } };
  jobs: { key: string; value: JobRecord };
  models: { key: string; value: ModelSpec };
  settings: { key: string; value: unknown };
  datasets: { key: string; value: DatasetRecord };
  runs: { key: string; value: EvalRunRecord; indexes: { datasetId: string } };
}
