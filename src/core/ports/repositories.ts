import type { Attachment, MessageRecord, ThreadRecord } from './chat-records.ts';
import type { DatasetRecord, EvalRunRecord } from './eval-records.ts';
import type { ImageRecord, ImageSnapshot, ImageVectorSegment } from './image-records.ts';
import type { JobRecord } from './job-records.ts';
import type {
  BlobRecord,
  ChunkRecord,
  CollectionRecord,
  DocumentRecord,
  SavedIndexRecord,
  SpaceRecord,
  VectorSegment,
} from './library-records.ts';
import type { ModelSpec } from './model.ts';

/** Which rows changed, in this tab, another tab or a worker. `ids` empty = many: read again. */
export interface RepositoryChange {
  readonly store:
    | 'threads'
    | 'messages'
    | 'collections'
    | 'documents'
    | 'jobs'
    | 'models'
    | 'settings'
    | 'datasets'
    | 'runs'
    | 'images';
  readonly ids: readonly string[];
}

export interface ChangeFeed {
  /** Called after the transaction committed, also for changes of other tabs and workers. Returns the unsubscribe. */
  subscribe(listener: (change: RepositoryChange) => void): () => void;
}

/** Errors of every repository: storage/quota-exceeded, storage/version-blocked, storage/corrupt. */
export interface ThreadRepository {
  /** Newest `updatedAt` first; deleted ones only with `includeDeleted`. */
  list(options?: { readonly includeDeleted?: boolean }): Promise<readonly ThreadRecord[]>;
  get(id: string): Promise<ThreadRecord | undefined>;
  /** All messages of a thread, oldest first. */
  messages(threadId: string): Promise<readonly MessageRecord[]>;
  /** Thread, messages and the pictures that they bring, in one transaction. */
  save(change: {
    readonly thread?: ThreadRecord;
    readonly messages?: readonly MessageRecord[];
    readonly attachments?: readonly Attachment[];
  }): Promise<void>;
  /**
   * Reads and writes one thread in one transaction, so that two tabs do not overwrite each other's fields. `attachments`:
   * pictures that its new draft brings; left out with the thread if there is no such thread.
   */
  update(
    id: string,
    change: (thread: ThreadRecord) => ThreadRecord,
    attachments?: readonly Attachment[],
  ): Promise<ThreadRecord | undefined>;
  /**
   * Removes messages for good (deleted branches), and the attachments that nothing refers to any more. Resolves with all that
   * they brought: whatever goes meanwhile, `save` puts them back whole.
   */
  removeMessages(ids: readonly string[]): Promise<readonly Attachment[]>;
  /** Removes a thread, its messages, and the attachments that nothing else refers to, for good. */
  purge(id: string): Promise<void>;
  /** A picture of a message or a draft, by the hash in its part. */
  attachment(sha256: string): Promise<Blob | undefined>;
  /** Takes away attachments that no message and no draft of any thread refers to. */
  dropUnusedAttachments(): Promise<void>;
  /** Threads whose title or messages contain all words of `query`, case- and accent-insensitive, with the first matching text. */
  search(
    query: string,
  ): Promise<
    readonly { readonly thread: ThreadRecord; readonly snippet: string; readonly messageId?: string }[]
  >;
}

export interface DocumentUpdate {
  readonly id: string;
  readonly change: (stored: DocumentRecord) => DocumentRecord;
}

/** What one batch of an ingest writes: all of it or nothing. */
export interface IngestBatch {
  readonly documents?: readonly DocumentRecord[];
  /**
   * Changes of documents as they are stored in the moment of the write, so that another tab's change is never overwritten.
   * A document that was removed meanwhile stays away: its chunks, blobs and vectors of this batch are left out.
   */
  readonly updates?: readonly DocumentUpdate[];
  readonly chunks?: readonly ChunkRecord[];
  readonly blobs?: readonly BlobRecord[];
  readonly space?: SpaceRecord;
  /** Appended to the space's last segment; rows of `vectors` belong to `chunkKeys` in order. */
  readonly vectors?: {
    readonly spaceId: string;
    readonly dimension: number;
    readonly chunkKeys: readonly { readonly documentId: string; readonly ordinal: number }[];
    readonly vectors: Float32Array;
  };
  /** Moves the job's cursor and progress with the rows; a state that was wished for meanwhile stays. */
  readonly job?: JobRecord;
}

export interface LibraryRepository {
  collections(): Promise<readonly CollectionRecord[]>;
  saveCollection(collection: CollectionRecord): Promise<void>;
  /** Its documents stay if they are in another collection, else go with it. */
  removeCollection(id: string): Promise<void>;
  documents(collectionId?: string): Promise<readonly DocumentRecord[]>;
  document(id: string): Promise<DocumentRecord | undefined>;
  /** Ordinal order. */
  chunks(documentId: string): Promise<readonly ChunkRecord[]>;
  chunk(documentId: string, ordinal: number): Promise<ChunkRecord | undefined>;
  /** Many at once, in the order in which they are asked for: one transaction, of which each read costs a part only. */
  chunksAt(
    places: readonly { readonly documentId: string; readonly ordinal: number }[],
  ): Promise<readonly (ChunkRecord | undefined)[]>;
  blob(id: string): Promise<Blob | undefined>;
  spaces(): Promise<readonly SpaceRecord[]>;
  /** Segments in order, from a number on; deleted rows are marked, see VectorSegment. */
  segments(spaceId: string, from?: number): AsyncIterable<VectorSegment>;
  segmentCount(spaceId: string): Promise<number>;
  savedIndexes(): Promise<readonly SavedIndexRecord[]>;
  /**
   * Replaces all that is saved, in one transaction: what is read again always belongs together. Left out as a whole when a
   * document of any was removed meanwhile; resolves with whether they are stored.
   */
  saveIndexes(records: readonly SavedIndexRecord[]): Promise<boolean>;
  /** One transaction; nothing of it is visible before all of it is. */
  commit(batch: IngestBatch): Promise<void>;
  /**
   * Row, chunks, vectors, blobs, those of its next reading, and the saved indexes, which hold codes of its vectors: one
   * transaction.
   */
  removeDocument(id: string): Promise<void>;
  /** For undo: everything of a document, as `restoreDocument` takes it; its next reading is not part of it. */
  snapshotDocument(id: string): Promise<DocumentSnapshot | undefined>;
  restoreDocument(snapshot: DocumentSnapshot): Promise<void>;
  /**
   * Puts the rows of `nextId(id)` in the place of the document's own, whose rows go: one transaction. Without any change
   * if the document is gone or has no next reading.
   */
  switchDocument(id: string, change: (stored: DocumentRecord) => DocumentRecord): Promise<void>;
  /** Takes away a document's next reading, of which nothing is seen yet. */
  dropNext(id: string): Promise<void>;
  /** Takes away the spaces, other than this, in which no vector is left. */
  dropEmptySpaces(exceptId: string): Promise<void>;
}

export interface DocumentSnapshot {
  readonly document: DocumentRecord;
  readonly chunks: readonly ChunkRecord[];
  readonly blobs: readonly BlobRecord[];
  readonly vectors: readonly {
    readonly spaceId: string;
    readonly dimension: number;
    readonly ordinals: readonly number[];
    readonly vectors: Float32Array;
  }[];
}

/** What one batch of pictures writes: all of it or nothing. */
export interface ImageBatch {
  readonly images?: readonly ImageRecord[];
  /** As in IngestBatch: a picture that was removed meanwhile stays away, with its blobs and vectors. */
  readonly updates?: readonly {
    readonly id: string;
    readonly change: (stored: ImageRecord) => ImageRecord;
  }[];
  /** 'picture:<id>' | 'thumbnail:<id>' | 'frames:<id>': of a film that is being read, what is embedded of it. */
  readonly blobs?: readonly BlobRecord[];
  /** Ids of blobs that are taken away. */
  readonly goneBlobs?: readonly string[];
  /** Appended to the space's last segment; row i belongs to imageIds[i]. */
  readonly vectors?: {
    readonly spaceId: string;
    readonly dimension: number;
    readonly imageIds: readonly string[];
    readonly vectors: Float32Array;
  };
  readonly job?: JobRecord;
}

export interface ImageRepository {
  /** How many there are; none of them is read. */
  count(): Promise<number>;
  /** Newest `addedAt` first. */
  list(): Promise<readonly ImageRecord[]>;
  get(id: string): Promise<ImageRecord | undefined>;
  blob(id: string): Promise<Blob | undefined>;
  /** Segments in order, from a number on. */
  segments(spaceId: string, from?: number): AsyncIterable<ImageVectorSegment>;
  commit(batch: ImageBatch): Promise<void>;
  /** Rows, blobs and vectors in one transaction; resolves with what `restore` puts back. */
  remove(ids: readonly string[]): Promise<ImageSnapshot>;
  restore(snapshot: ImageSnapshot): Promise<void>;
  /** Takes away all vectors of other spaces. */
  dropOtherSpaces(spaceId: string): Promise<void>;
}

export interface JobRepository {
  /** Newest first. */
  list(): Promise<readonly JobRecord[]>;
  get(id: string): Promise<JobRecord | undefined>;
  save(job: JobRecord): Promise<void>;
  /**
   * Reads and writes one job in one transaction: a cursor that a worker stored meanwhile, or a wish of another tab, is
   * never overwritten. Resolves with what is stored now; undefined if there is no such job. Unchanged = nothing written.
   */
  update(id: string, change: (job: JobRecord) => JobRecord): Promise<JobRecord | undefined>;
  remove(id: string): Promise<void>;
}

/** Models that are not in the catalog: imports, servers the user added, records with hashes pinned at download. */
export interface ModelRepository {
  list(): Promise<readonly ModelSpec[]>;
  get(id: string): Promise<ModelSpec | undefined>;
  save(model: ModelSpec): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Question sets for evaluation, and the results of evaluating them. */
export interface DatasetRepository {
  /** Newest `updatedAt` first. */
  list(): Promise<readonly DatasetRecord[]>;
  get(id: string): Promise<DatasetRecord | undefined>;
  save(dataset: DatasetRecord): Promise<void>;
  /**
   * Reads and writes one set in one transaction, so that a question of another tab is not lost. Where there is none,
   * `first` (of the same id) is changed and stored in its place; without it nothing is.
   */
  update(
    id: string,
    change: (dataset: DatasetRecord) => DatasetRecord,
    first?: DatasetRecord,
  ): Promise<DatasetRecord | undefined>;
  /** With its runs, in one transaction. */
  remove(id: string): Promise<void>;
  /** Of one set, newest first. */
  runs(datasetId: string): Promise<readonly EvalRunRecord[]>;
  /** Left out when its set was removed meanwhile; resolves with whether it is stored. */
  saveRun(run: EvalRunRecord): Promise<boolean>;
  removeRun(id: string): Promise<void>;
}

/** Small values by key. What is read is checked with a schema by the caller. */
export interface SettingsRepository {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

export interface Repositories {
  readonly threads: ThreadRepository;
  readonly library: LibraryRepository;
  readonly images: ImageRepository;
  readonly jobs: JobRepository;
  readonly models: ModelRepository;
  readonly settings: SettingsRepository;
  readonly datasets: DatasetRepository;
  readonly changes: ChangeFeed;
}
