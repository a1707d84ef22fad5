import type { CallOptions } from '#shared/call.ts';
import type { SentenceSupport, SourcePassage } from './chat-records.ts';
import type { LibraryInsight, PassageSet } from './library-insight.ts';
import type { RecognitionChoice } from './library-records.ts';
import type { ModelSpec } from './model.ts';
import type { EmbedderInfo } from './text-embedder.ts';
import type { VectorIndexKind } from './vector-index.ts';

/** Input of an 'ingest' job, stored in its record. The bytes are in `blobs` as 'original:<documentId>' before it starts. */
export interface IngestInput {
  readonly documentIds: readonly string[];
  readonly embedder: ModelSpec;
  /** The documents answered before: they are read again beside themselves, and go on answering meanwhile. */
  readonly isAgain?: boolean;
}

export interface RejectedFile {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  /** Which of the given files it is, or lies in; absent when it could not even be given. */
  readonly fileIndex?: number;
  /** A picture: with the user's agreement to have it read (OCR), the same file would be taken. */
  readonly isPicture?: true;
}

export interface AddedFiles {
  /** Documents whose bytes are stored and that are queued; a file that is there already only joins the collection. */
  readonly documentIds: readonly string[];
  readonly alreadyThere: readonly string[];
  readonly rejected: readonly RejectedFile[];
  /** For each given file, in order, the documents that came of it: none when it was refused, many for an archive. */
  readonly byFile: readonly (readonly string[])[];
}

/** How a search orders and sifts what it finds. What is absent is as in daily use; the rest is for comparing settings. */
interface RankingOptions {
  /** Weights of the two lists in reciprocal rank fusion, 0 or more; 1 and 1 unless told. */
  readonly weights?: { readonly dense: number; readonly lexical: number };
  /** λ of maximal marginal relevance: 1 = by relevance alone, 0 = by novelty alone. Absent = by relevance. */
  readonly mmrLambda?: number;
  /** False: passages below the floor are kept. */
  readonly hasFloor?: boolean;
  /** True: near-copies of a passage that is in the result are kept. */
  readonly keepsCopies?: boolean;
}

export interface SearchRequest {
  readonly query: string;
  /** Empty = all. */
  readonly collectionIds: readonly string[];
  readonly limit: number;
  /** The embedder to use; undefined = lexical only. */
  readonly embedder?: ModelSpec;
  /** 'hybrid' unless told. */
  readonly mode?: 'hybrid' | 'dense' | 'lexical';
  readonly ranking?: RankingOptions;
  /** Only these passages are searched. */
  readonly within?: readonly PassageSet[];
  /** Other wordings of the query, fused with it; a 'passage' is a made-up answer, looked for by meaning only. */
  readonly also?: readonly { readonly text: string; readonly kind: 'query' | 'passage' }[];
  /** The query may hold "exact words" and type:, in:, after: and before: filters; without it all of it is plain words. */
  readonly hasSyntax?: boolean;
  /**
   * Adds to a hit the chunks around it, of its own section: at most `addedTokens` of them (by the embedder's count), and
   * only as long as all passages together have no more than `budgetTokens`.
   */
  readonly neighbours?: { readonly budgetTokens: number; readonly addedTokens: number };
  /** Reads the best passages once more with the query and puts them in order. */
  readonly reranker?: ModelSpec;
}

export interface SearchResponse {
  readonly passages: readonly SourcePassage[];
  /** True when something was ranked, but all of it below the floor. */
  readonly isBelowFloor: boolean;
  /** Chunks searched. */
  readonly searchedChunks: number;
  /** Ids of former embedders that could not be asked: their documents were searched by words only. Absent: none. */
  readonly unaskedModels?: readonly string[];
  /** Near-copies dropped from the result. */
  readonly droppedCopies: number;
  /** In milliseconds: embedding the query, dense search, lexical search, reranking where it was asked for. */
  readonly timingsMs: {
    readonly embed: number;
    readonly dense: number;
    readonly lexical: number;
    readonly rerank?: number;
  };
}

/** One vector index as it serves one collection. */
export interface IndexReport {
  readonly spaceId: string;
  readonly kind: VectorIndexKind;
  readonly dimension: number;
  /** Of the collection; the index holds all collections. */
  readonly vectors: number;
  readonly indexVectors: number;
  /** In memory. As 32-bit numbers it would be 4 × dimension × indexVectors. */
  readonly indexBytes: number;
  /** Chunks of the collection that were searched for: 100, or all of fewer. */
  readonly probes: number;
  /** Share of the exact ten nearest chunks that were found, 0 to 1. */
  readonly recallAt10: number;
  /** One search inside the collection, in milliseconds. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Parsing, indexing and retrieval, off the page. Runs in the library worker beside the embedder. */
export interface Library extends LibraryInsight {
  /** Hashes and stores originals; refuses what cannot be a document, by name. Cheap: no parsing. */
  addFiles(
    input: {
      readonly files: readonly File[];
      readonly collectionId: string;
      /** Pictures are taken as well, and will be read this way. */
      readonly recognition?: RecognitionChoice;
    },
    options?: CallOptions,
  ): Promise<AddedFiles>;
  /** Runs or resumes the job from its cursor. Progress per phase. Failed documents are recorded, not thrown. */
  ingest(
    input: { readonly jobId: string },
    options?: CallOptions,
  ): Promise<{ readonly ready: number; readonly failed: number }>;
  /**
   * Documents that answer by another embedder, parser or chunker than today's. An 'ingest' job over them reads them again;
   * the old rows answer until each new reading is complete.
   */
  stale(
    input: { readonly embedder: ModelSpec },
    options?: CallOptions,
  ): Promise<{ readonly documentIds: readonly string[] }>;
  search(input: SearchRequest, options?: CallOptions): Promise<SearchResponse>;
  /** Aligns every sentence of an answer to the passages it was given. By code, not by the model. */
  align(
    input: {
      readonly answer: string;
      readonly passages: readonly SourcePassage[];
      readonly embedder?: ModelSpec;
    },
    options?: CallOptions,
  ): Promise<readonly SentenceSupport[]>;
  /** Loads the embedder ahead of the first question. */
  warm(input: { readonly embedder: ModelSpec }, options?: CallOptions): Promise<EmbedderInfo>;
  /** Measures the vector indexes on chunks of these collections (none = all): one report a space. Reads every vector. */
  measureIndex(
    input: { readonly collectionIds: readonly string[] },
    options?: CallOptions,
  ): Promise<readonly IndexReport[]>;
  /** Drops rows of removed documents from the in-memory indexes. */
  forget(input: { readonly documentIds: readonly string[] }, options?: CallOptions): Promise<void>;
}
