import type { StoreApi } from 'zustand/vanilla';
import type { JobRunner } from '#core/jobs/index.ts';
import type { StepDownProposal, StorageOverview, TransferRate } from '#core/models/index.ts';
import type { EngineRoom, EngineState } from '#core/ports/engine-room.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { EngineName } from '#core/ports/model.ts';
import type { ModelStore } from '#core/ports/model-store.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import type { Progress } from '#shared/call.ts';
import type { WireError } from '#shared/errors.ts';
import type { ModelShelf, ShelfState } from './model-shelf.ts';

/** A download or an import that has not ended well: queued, running, paused, failed. */
export interface Transfer {
  readonly jobId: string;
  readonly kind: 'model-download' | 'model-import';
  /** Absent for an import: the file's own header has not been read yet. */
  readonly modelId?: string;
  /** A model's label, a file's name. */
  readonly label: string;
  readonly state: JobRecord['state'];
  /** A chat model that is loaded when it is here. */
  readonly loadsAfter: boolean;
  readonly progress?: Progress;
  readonly rate: TransferRate;
  readonly error?: WireError;
}

export interface ModelsState extends ShelfState {
  readonly engine: EngineState;
  readonly transfers: readonly Transfer[];
  readonly storage: StorageOverview | undefined;
  /** Starter models that this page's own server has: no internet is needed for them. */
  readonly mirrored: readonly string[];
  readonly isOnline: boolean;
  /** A load that failed before or after the engine took it up. */
  readonly loadError: { readonly modelId: string; readonly error: WireError } | undefined;
  /** What the engine room asks; answered by `answerStepDown`. */
  readonly stepDown: StepDownProposal | undefined;
  /** Counts requests to put the cursor into the search box. */
  readonly searchFocusCount: number;
  /** Counts requests to open the dialog for a server. */
  readonly serverDialogCount: number;
}

export type ModelsStore = StoreApi<ModelsState>;

/** A model that a server offers. */
export interface ServerModel {
  readonly id: string;
  readonly contextTokens?: number;
  /** The server says so. */
  readonly seesImages?: true;
}

export interface ModelsDependencies {
  readonly shelf: ModelShelf;
  readonly repositories: Repositories;
  readonly store: ModelStore;
  readonly jobs: JobRunner;
  readonly engineRoom: EngineRoom;
  readonly storageOverview: () => Promise<StorageOverview>;
  /** Asks the browser to keep what is stored; called when the first model is added. */
  readonly persistStorage?: () => Promise<boolean>;
  readonly listServerModels: (
    baseUrl: string,
    apiKey: string | undefined,
    signal: AbortSignal,
  ) => Promise<readonly ServerModel[]>;
  /** Puts an engine's own files where the page finds them without a network. */
  readonly keepOffline: (engine: EngineName) => Promise<void>;
  /** Says something at the foot of the page; with an action it is a button. Returns what takes it away. */
  readonly notify: (
    message: string,
    undo?: { readonly label: string; readonly onSelect: () => void; readonly onGone: () => void },
  ) => () => void;
  /** For requests to the page's own origin only. */
  readonly fetch?: typeof globalThis.fetch;
}
