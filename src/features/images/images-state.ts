import type { StoreApi } from 'zustand/vanilla';
import type { JobRunner } from '#core/jobs/index.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { RejectedFile } from '#core/ports/library.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { PictureRegion } from '#core/ports/picture-decoder.ts';
import type { PictureTeacher } from '#core/ports/picture-teacher.ts';
import type { PictureFilter, PictureResponse, Pictures } from '#core/ports/pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { RecognitionOffer } from '#core/ports/text-recognizer.ts';
import type { CallOptions } from '#shared/call.ts';
import type { WireError } from '#shared/errors.ts';

/** A picture that is searched with: one of the stored, or a file that is not kept. */
export type QueryPicture = ({ readonly imageId: string } | { readonly file: Blob; readonly name: string }) & {
  readonly region?: PictureRegion;
};

/** What is searched for; empty = everything is shown. */
export interface PictureQuery {
  readonly words: string;
  readonly picture?: QueryPicture;
  /** Weight of the picture beside the words, 0 to 1. */
  readonly balance: number;
}

interface ImageSearch {
  readonly status: 'idle' | 'searching' | 'done' | 'failed';
  /** The newest answer, and what it answers: while one types it lags behind. */
  readonly response?: PictureResponse;
  readonly answers?: PictureQuery;
  /** These are the best ones; all hits follow. */
  readonly hasMore?: boolean;
  readonly error?: WireError;
}

/** Begins a chat about pictures. */
export type AskAboutPictures = (imageIds: readonly string[]) => void;

export type ImagesView = 'all' | 'albums' | 'map' | 'duplicates' | 'captions' | 'learn';

export interface ImagesState {
  readonly isLoaded: boolean;
  /** The pictures could not be read. */
  readonly error?: WireError;
  /** All of them, newest first. */
  readonly images: readonly ImageRecord[];
  /** Jobs that read pictures, or text in them, and have not ended well: queued, running, paused, failed. */
  readonly jobs: readonly JobRecord[];
  /** Time left of the running job, once it is credible. */
  readonly remainingMs?: number;
  /** Files that are being taken in right now. */
  readonly addingCount: number;
  /** Refused by name, until dismissed. */
  readonly rejected: readonly RejectedFile[];
  readonly addError?: WireError;
  /** Pictures that today's model has not seen, or only in their first frame, and what it is called. */
  readonly stale?: {
    readonly imageIds: readonly string[];
    readonly firstFrameIds: readonly string[];
    readonly embedderLabel: string;
  };
  readonly query: PictureQuery;
  readonly filter: PictureFilter;
  readonly search: ImageSearch;
  readonly view: ImagesView;
  /** The picture in the inspector. */
  readonly openId: string | undefined;
  /** It is shown large, over the grid. */
  readonly isPreviewing: boolean;
  readonly selectedIds: ReadonlySet<string>;
  /** The tag that is being taught, in the view 'learn'. */
  readonly learningTag: string | undefined;
  /** What pictures are compared with to say what they show. */
  readonly labels: readonly string[];
  /** Counts requests to put the cursor into the search box. */
  readonly searchFocusCount: number;
}

export interface ImagesDependencies {
  readonly repositories: Pick<Repositories, 'images' | 'settings' | 'changes'>;
  readonly pictures: Pictures;
  /** Learns from captions, in the train worker. */
  readonly teacher: PictureTeacher;
  /** Chat models on this device that see pictures, the loaded one first. Without it, none can describe any here. */
  readonly sightedModels?: () => Promise<readonly ModelSpec[]>;
  /** Goes where models are chosen. */
  readonly openModels?: () => void;
  /** Has to know the kinds 'image-ingest', 'image-captions' and 'image-text', which are registered at the start of the page. */
  readonly jobs: JobRunner;
  /** The model that pictures are indexed and searched with; undefined = none can be had. */
  readonly embedder: () => Promise<ModelSpec | undefined>;
  /** Fetches its files where they are not on this device yet. */
  readonly fetchModel: (model: ModelSpec, options: CallOptions) => Promise<void>;
  /** Says something at the foot of the page; with an action it is an undo. */
  readonly notify: (
    message: string,
    undo?: { readonly label: string; readonly onSelect: () => void; readonly onGone: () => void },
  ) => void;
  /** Without it, text in pictures cannot be read here. */
  readonly recognition?: () => Promise<RecognitionOffer>;
  /** The pictures of "use the sample pictures". */
  readonly samples?: () => Promise<readonly File[]>;
  /** Asks the browser to keep what is stored; called when the first picture is added. */
  readonly persistStorage?: () => Promise<unknown>;
  readonly now?: () => number;
}

export type ImagesStore = StoreApi<ImagesState>;

/** Weight of the picture unless the user moves the slider. */
const EVEN_BALANCE = 0.5;

export const NO_QUERY: PictureQuery = { words: '', balance: EVEN_BALANCE };

export const initialState: ImagesState = {
  isLoaded: false,
  images: [],
  jobs: [],
  addingCount: 0,
  rejected: [],
  query: NO_QUERY,
  filter: {},
  search: { status: 'idle' },
  view: 'all',
  openId: undefined,
  isPreviewing: false,
  selectedIds: new Set(),
  learningTag: undefined,
  labels: [],
  searchFocusCount: 0,
};

/** Nothing is asked for: everything is shown. */
export const isEmptyQuery = ({ words, picture }: PictureQuery): boolean =>
  words.trim() === '' && picture === undefined;
