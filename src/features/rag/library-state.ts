import type { StoreApi } from 'zustand/vanilla';
import type { JobRunner } from '#core/jobs/index.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { Library, RejectedFile, SearchRequest, SearchResponse } from '#core/ports/library.ts';
import type { CollectionRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { PageRenderer } from '#core/ports/page-renderer.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { RecognitionOffer } from '#core/ports/text-recognizer.ts';
import type { NearDuplicate } from '#core/rag/index.ts';
import type { Speech } from '#core/speech/index.ts';
import type { WireError } from '#shared/errors.ts';
import type { FolderAccess } from './folders/folder-access.ts';

export type SearchMode = NonNullable<SearchRequest['mode']>;

/** Character offsets in a document's text, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What the viewer shows. Another object with the same values leads back to the span: it was asked for once more. */
export interface DocumentTarget {
  readonly documentId: string;
  readonly span?: Span;
  /** 1-based; where a PDF opens when there is no span. */
  readonly page?: number;
  /** What “next” and “previous” lead through, in the document's order; `span` is one of them. */
  readonly hits?: readonly Span[];
}

export interface LibrarySearch {
  readonly query: string;
  readonly mode: SearchMode;
  readonly status: 'idle' | 'searching' | 'done' | 'failed';
  readonly response?: SearchResponse;
  readonly error?: WireError;
}

/** A file that was refused, with the file itself where it may be taken after all. */
export interface ShownRejection extends RejectedFile {
  readonly source?: File;
}

export interface LibraryState {
  readonly isLoaded: boolean;
  /** The library itself could not be read. */
  readonly error?: WireError;
  readonly collections: readonly CollectionRecord[];
  /** Of all collections, newest first. */
  readonly documents: readonly DocumentRecord[];
  /** null = all documents. */
  readonly collectionId: string | null;
  /** Ingest jobs that have not ended well: queued, running, paused, failed. */
  readonly jobs: readonly JobRecord[];
  /** Time left of the running job, once it is credible. */
  readonly remainingMs?: number;
  /** Files that are being taken in right now. */
  readonly addingCount: number;
  /** Refused by name, until dismissed. */
  readonly rejected: readonly ShownRejection[];
  readonly addError?: WireError;
  /** No embedding model is here: documents can be added, but wait. */
  readonly isEmbedderMissing: boolean;
  /** Documents that answer by another embedder or chunker than today's, and what they can be read again with. */
  readonly stale?: { readonly documentIds: readonly string[]; readonly embedderLabel: string };
  /** By the newer document of each pair. */
  readonly nearDuplicates: ReadonlyMap<string, NearDuplicate>;
  readonly search: LibrarySearch;
  readonly target: DocumentTarget | undefined;
  /** Counts requests to put the cursor into the search box. */
  readonly searchFocusCount: number;
}

export interface LibraryDependencies {
  readonly repositories: Pick<Repositories, 'library' | 'changes' | 'settings'>;
  readonly library: Library;
  readonly jobs: JobRunner;
  /** Paints pages; formats without pages are shown as text. */
  readonly pages: PageRenderer;
  /** The embedder that documents are indexed and searched with; undefined = none is on this machine. */
  readonly embedder: () => Promise<ModelSpec | undefined>;
  /** Says something at the foot of the page; with an action it is an undo. */
  readonly notify: (
    message: string,
    undo?: { readonly label: string; readonly onSelect: () => void; readonly onGone: () => void },
  ) => void;
  /** The documents of "use a sample library". */
  readonly samples?: () => Promise<{ readonly collection: string; readonly files: readonly File[] }>;
  /** Asks the browser to keep what is stored; called when the first document is added. */
  readonly persistStorage?: () => Promise<unknown>;
  /** Without it, text in pictures cannot be read here. */
  readonly recognition?: () => Promise<RecognitionOffer>;
  /** Without it, recordings cannot be written down here. */
  readonly speech?: () => Promise<Speech>;
  /** Asks for folders that are remembered; the browser's own dialog unless told. */
  readonly folderAccess?: FolderAccess;
  /** The list is read then: a page that is being painted has no need of it. At once unless told. */
  readonly after?: Promise<void>;
  readonly now?: () => number;
}

export type LibraryStore = StoreApi<LibraryState>;

export const initialState: LibraryState = {
  isLoaded: false,
  collections: [],
  documents: [],
  collectionId: null,
  jobs: [],
  addingCount: 0,
  rejected: [],
  isEmbedderMissing: false,
  nearDuplicates: new Map(),
  search: { query: '', mode: 'hybrid', status: 'idle' },
  target: undefined,
  searchFocusCount: 0,
};
