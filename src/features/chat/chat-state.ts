import type { StoreApi } from 'zustand/vanilla';
import type { MessagePart, MessageRecord, ThreadRecord } from '#core/ports/chat-records.ts';
import type { EngineRoom, EngineState } from '#core/ports/engine-room.ts';
import type { Library, RejectedFile } from '#core/ports/library.ts';
import type { CollectionRecord } from '#core/ports/library-records.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { PromptPictures } from '#core/ports/prompt-pictures.ts';
import type { Repositories } from '#core/ports/repositories.ts';

export interface ContextUse {
  readonly usedTokens: number;
  readonly contextTokens: number;
  readonly isExact: boolean;
  /** Messages of the shown path that the next question will no longer carry. */
  readonly leftOut: readonly string[];
}

/** How far the loaded model has read the document that the open thread is about as a whole. */
export interface BookState {
  readonly documentId: string;
  readonly name: string;
  /** 'waiting': for a model, or for a question that reads it itself. */
  readonly status: 'waiting' | 'reading' | 'read' | 'stopped' | 'refused';
  readonly doneTokens?: number;
  readonly totalTokens?: number;
  /** Of these, how many were in the engine's cache before the reading began. */
  readonly cachedTokens?: number;
  /** Why it was refused. */
  readonly message?: string;
}

interface SearchHit {
  readonly thread: ThreadRecord;
  readonly snippet: string;
  readonly messageId?: string;
}

export interface ChatState {
  readonly isLoaded: boolean;
  /** Not deleted, newest first. */
  readonly threads: readonly ThreadRecord[];
  /** The open thread; a new one that has nothing in it yet is not in `threads`. */
  readonly active: ThreadRecord | undefined;
  /** All messages of the open thread, every branch. */
  readonly messages: readonly MessageRecord[];
  /** Parts of answers that are being written in this tab, by message. */
  readonly live: Readonly<Record<string, readonly MessagePart[]>>;
  /** Message that each thread is writing in this tab. */
  readonly running: Readonly<Record<string, string>>;
  readonly query: string;
  readonly hits: readonly SearchHit[] | undefined;
  readonly engine: EngineState;
  readonly context: ContextUse | undefined;
  readonly book: BookState | undefined;
  /** Pictures that are being made ready to go with the question. */
  readonly attachingCount: number;
  /** Files that could not be attached, by name, until dismissed. */
  readonly refusedPictures: readonly RejectedFile[];
  readonly collections: readonly CollectionRecord[];
  readonly isInspectorOpen: boolean;
  /** The answer whose sentences are shown as a table. */
  readonly checkedId: string | undefined;
  /** Counts requests to see a check: a document that lies over it makes room, also for the same answer again. */
  readonly checkCount: number;
}

export interface ChatDependencies {
  readonly repositories: Repositories;
  readonly engineRoom: EngineRoom;
  readonly library: Library;
  readonly locks: Locks;
  /** The embedder that documents are searched with; undefined = words only. */
  readonly embedder: () => Promise<ModelSpec | undefined>;
  /** A reranker on this device, where there is one. */
  readonly reranker: () => Promise<ModelSpec | undefined>;
  /** Makes a picture one that a chat model can be given. */
  readonly preparePicture: PromptPictures['prepare'];
  /** Says something at the foot of the page; with an action it is an undo. */
  readonly notify: (
    message: string,
    undo?: { readonly label: string; readonly onSelect: () => void; readonly onGone: () => void },
  ) => void;
  /** What a new chat begins with; the built-in values unless told. */
  readonly newChat?: () => Pick<ThreadRecord, 'systemPrompt' | 'sampling'>;
  readonly now?: () => number;
}

export type ChatStore = StoreApi<ChatState>;

export const initialState: ChatState = {
  isLoaded: false,
  threads: [],
  active: undefined,
  messages: [],
  live: {},
  running: {},
  query: '',
  hits: undefined,
  engine: { status: 'none' },
  context: undefined,
  book: undefined,
  attachingCount: 0,
  refusedPictures: [],
  collections: [],
  isInspectorOpen: false,
  checkedId: undefined,
  checkCount: 0,
};
