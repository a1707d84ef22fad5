import type {
  DatasetProblems,
  EvalDataset,
  EvalReport,
  EvalWordings,
  RetrievalMode,
  SettingRun,
} from '#core/evals/index.ts';
import type { JobRunner } from '#core/jobs/index.ts';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { DatasetRecord } from '#core/ports/eval-records.ts';
import type { Library, SearchRequest } from '#core/ports/library.ts';
import type { CollectionRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { EmbedderInfo } from '#core/ports/text-embedder.ts';
import type { CallOptions, Progress } from '#shared/call.ts';
import type { WireError } from '#shared/errors.ts';
import type { EarlierRun } from './stored-run.ts';

/** The corpus as the library holds it. */
export interface StoredCorpus {
  readonly collectionId: string;
  /** Ids of the set by id of the stored document: several, when their bytes are the same. */
  readonly idsOf: ReadonlyMap<string, readonly string[]>;
  /** What is stored of it; documents of the same bytes are one. */
  readonly documents: number;
  readonly chunks: number;
  readonly chunkerVersion: number | undefined;
  /** Documents of the set that could not be read, by id: empty ones, for example. They count as not found. */
  readonly unread: readonly string[];
}

/** Everything a figure depends on, and the figures: what is exported. */
export interface EvalResult {
  readonly dataset: {
    readonly name: string;
    readonly documents: number;
    readonly chunks: number;
    readonly queries: number;
    /** Queries with a relevant document: those that are scored. */
    readonly judged: number;
    readonly unread: readonly string[];
    readonly missingDocuments: readonly string[];
    /** What is counted as documents are passages of the user's library: the set is one of their own. */
    readonly isOfPassages?: true;
  };
  readonly embedder:
    | Pick<EmbedderInfo, 'modelId' | 'dimension' | 'dtype' | 'runsOn' | 'fingerprint'>
    | undefined;
  /** Models that helped in some of the settings. */
  readonly helpers: { readonly reranker?: string; readonly chatModel?: string };
  readonly chunkerVersion: number | undefined;
  readonly report: EvalReport;
  readonly runs: readonly SettingRun[];
}

/** What is compared; every mode with every weight and λ. */
export interface GridChoice {
  readonly modes: readonly RetrievalMode[];
  /** Shares of the dense list in the fusion of 'hybrid', 0 to 1. */
  readonly denseShares: readonly number[];
  /** λ of MMR; undefined = off. */
  readonly mmrLambdas: readonly (number | undefined)[];
  /** undefined = the question alone. */
  readonly wordings: readonly (EvalWordings | undefined)[];
  readonly reranked: readonly boolean[];
}

/** A question by the chat model, which the user has not looked at yet. */
export interface QuestionDraft {
  readonly id: string;
  readonly text: string;
  readonly passage: SourcePassage;
}

/** What the chat model wrote for a question, as a search takes it, and which model it was. */
export interface Wordings {
  readonly also: NonNullable<SearchRequest['also']>;
  readonly modelId: string;
}

export interface EvalsState {
  /** The user's own sets, the one changed last first. */
  readonly sets: readonly DatasetRecord[];
  readonly collections: readonly CollectionRecord[];
  /** The own set that is open; `dataset` is then made from it. */
  readonly set: DatasetRecord | undefined;
  /** What was measured with the open set, newest first. */
  readonly earlier: readonly EarlierRun[];
  /** For the open set; they live as long as it is open. */
  readonly drafts: readonly QuestionDraft[];
  readonly dataset: EvalDataset | undefined;
  readonly problems: DatasetProblems | undefined;
  readonly grid: GridChoice;
  readonly isEmbedderMissing: boolean;
  readonly hasReranker: boolean;
  readonly phase: 'idle' | 'reading' | 'adding' | 'indexing' | 'asking' | 'drafting';
  readonly progress: Progress | undefined;
  /** The setting that is being asked. */
  readonly asking: string | undefined;
  readonly corpus: StoredCorpus | undefined;
  readonly result: EvalResult | undefined;
  readonly error: WireError | undefined;
}

export interface EvalsDependencies {
  readonly repositories: Pick<Repositories, 'library' | 'datasets' | 'changes'>;
  readonly library: Library;
  /** Has to know the kind 'ingest', which the library registers. */
  readonly jobs: JobRunner;
  /** The embedder that documents are indexed and searched with; undefined = none is on this machine. */
  readonly embedder: () => Promise<ModelSpec | undefined>;
  /** A reranker on this device, where there is one. */
  readonly reranker: () => Promise<ModelSpec | undefined>;
  /** Called when a model came or went. Returns the unsubscribe. */
  readonly onModels: (listener: () => void) => () => void;
  /** Waits for a chat model. Errors: those of the engine; input/unsupported where it is not on this device. */
  readonly wordings: (question: string, kind: EvalWordings, options: CallOptions) => Promise<Wordings>;
  /** A question that a passage answers, as wordings are made; undefined = the model wrote nothing of use. */
  readonly draftQuestion: (passage: string, options: CallOptions) => Promise<string | undefined>;
  /** Says something at the foot of the page; with an action it is an undo. */
  readonly notify: (
    message: string,
    undo?: { readonly label: string; readonly onSelect: () => void; readonly onGone: () => void },
  ) => void;
  /** Hands the user a text file. */
  readonly download: (name: string, text: string) => void;
  readonly now?: () => number;
  readonly nowMs?: () => number;
}

export const initialState: EvalsState = {
  sets: [],
  collections: [],
  set: undefined,
  earlier: [],
  drafts: [],
  dataset: undefined,
  problems: undefined,
  grid: {
    modes: ['dense', 'lexical', 'hybrid'],
    denseShares: [0.5],
    mmrLambdas: [undefined],
    wordings: [undefined],
    reranked: [false],
  },
  hasReranker: false,
  isEmbedderMissing: false,
  phase: 'idle',
  progress: undefined,
  asking: undefined,
  corpus: undefined,
  result: undefined,
  error: undefined,
};
