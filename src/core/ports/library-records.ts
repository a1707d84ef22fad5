import type { WireError } from '#shared/errors.ts';
import type { ParsedPage, ParsedTime, TextBox } from './document-parser.ts';
import type { ModelSpec } from './model.ts';
import type { VectorIndexKind } from './vector-index.ts';

export interface CollectionRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

/** The collection of a corpus that was taken in to be measured: nothing of the user's own is put there. */
export const corpusCollectionId = (key: string): string => `evaluation-${key}`;

export const isCorpusCollection = (id: string): boolean => id.startsWith('evaluation-');

/**
 * A newer reading of a document, made beside the one that answers: its rows are stored under `nextId(id)` and are seen by
 * no search until `switchDocument`.
 */
export interface NextReading {
  readonly spaceId: string;
  readonly parserId: string;
  readonly parserVersion: number;
  readonly chunkerVersion: number;
  readonly pages: readonly ParsedPage[];
  readonly times?: readonly ParsedTime[];
  readonly characterCount: number;
  readonly embeddedCount: number;
  readonly title?: string;
  readonly source?: string;
  readonly signature?: Uint32Array;
}

/** Under this id the rows of a document's next reading are stored. */
export const nextId = (documentId: string): string => `next:${documentId}`;

/** The document to which rows belong, also those of its next reading. */
export const ownerOf = (rowId: string): string => (rowId.startsWith('next:') ? rowId.slice(5) : rowId);

/** How text in pictures is to be read: the name that the text recognizer has for the language. */
export interface RecognitionChoice {
  readonly language: string;
}

export interface DocumentRecord {
  /** SHA-256 of the bytes, hex: the same file is never stored twice. */
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly collectionIds: readonly string[];
  readonly status: 'queued' | 'parsing' | 'embedding' | 'ready' | 'failed';
  readonly addedAt: number;
  readonly parserId?: string;
  readonly parserVersion?: number;
  readonly chunkerVersion?: number;
  readonly pages?: readonly ParsedPage[];
  /** Of a recording: when its text was said. */
  readonly times?: readonly ParsedTime[];
  readonly characterCount?: number;
  readonly chunkCount?: number;
  /** Chunks that are embedded and searchable. */
  readonly embeddedCount: number;
  readonly title?: string;
  /** Where it was saved from, as it says itself. */
  readonly source?: string;
  readonly error?: WireError;
  /** The space that answers for it; absent in rows of older versions, and before it is read. */
  readonly spaceId?: string;
  readonly next?: NextReading;
  /** MinHash of its text, see core/rag/minhash.ts; absent in rows of older versions. */
  readonly signature?: Uint32Array;
  /** The user agreed that its pictures are read (OCR), in this language. */
  readonly recognition?: RecognitionChoice;
  /** Documents that are nearly the same and that the user wants to keep beside it. */
  readonly keptBeside?: readonly string[];
}

export interface ChunkRecord {
  readonly documentId: string;
  /** 0-based position in the document. */
  readonly ordinal: number;
  readonly text: string;
  /** Character offsets in the document's text; `text` is exactly that slice. */
  readonly start: number;
  readonly end: number;
  readonly tokenCount: number;
  /** 1-based page on which the chunk starts. */
  readonly page?: number;
  /** Second of the recording at which the chunk begins. */
  readonly seconds?: number;
  readonly headingPath: readonly string[];
  /** Boxes that the chunk touches; offsets are the document's. */
  readonly boxes: readonly TextBox[];
}

/** One embedding space. Vectors of two spaces never meet. */
export interface SpaceRecord {
  /** = fingerprint of the embedder. */
  readonly id: string;
  readonly modelId: string;
  readonly dimension: number;
  readonly metric: 'cosine';
  readonly createdAt: number;
  /** What its vectors were made with, so that it can be asked after another was chosen; absent in older rows. */
  readonly embedder?: ModelSpec;
}

export const SEGMENT_VECTORS = 256;

/** Up to SEGMENT_VECTORS vectors packed in one row. */
export interface VectorSegment {
  readonly spaceId: string;
  /** 0-based, dense. */
  readonly segment: number;
  /** Row i belongs to chunk [documentIds[i], ordinals[i]]; a deleted row has documentIds[i] === ''. */
  readonly documentIds: readonly string[];
  readonly ordinals: readonly number[];
  /** Row-major [documentIds.length × dimension]. */
  readonly vectors: Float32Array;
}

/** The keys firstKey, firstKey + 1, … of an index are the chunks 0, 1, … of this document. */
export interface IndexedDocument {
  readonly id: string;
  /** What the index holds of it: when the stored document says something else, its rows are read again. */
  readonly version: string;
  readonly firstKey: number;
  readonly chunkCount: number;
}

/** In the place of a space: what is saved there is the word index, which all spaces share. */
export const WORDS_ID = ':words';

/** An index as it was in memory; rebuildable from `vectors` and `chunks` at any time. */
export interface SavedIndexRecord {
  /** A space, or `WORDS_ID`. */
  readonly spaceId: string;
  readonly kind: VectorIndexKind | 'words';
  /** 0 for words. */
  readonly dimension: number;
  /** Vector segments that it covers; the last of them may have grown since. */
  readonly segmentCount: number;
  /** Indexes with the same id share their keys. */
  readonly keysId: string;
  readonly documents: readonly IndexedDocument[];
  /** A Blob is read several times as fast as a typed array of that size. */
  readonly blob: Blob;
}

export interface BlobRecord {
  /**
   * 'original:<documentId>' | 'text:<documentId>' | 'links:<documentId>' (JSON) | 'ocr:<documentId>:<language>:<page>' |
   * 'transcript:<documentId>' (JSON: what is said in a recording) | 'attachment:<sha256>' (a picture of a message)
   */
  readonly id: string;
  readonly blob: Blob;
}
