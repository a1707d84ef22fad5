import type { CallOptions, Progress } from '#shared/call.ts';
import type { AppError } from '#shared/errors.ts';
import type { ChatEngine, LoadedModel } from './chat-engine.ts';
import type { ModelSpec } from './model.ts';

export type EngineState =
  | { readonly status: 'none' }
  | { readonly status: 'loading'; readonly model: ModelSpec; readonly progress?: Progress }
  | { readonly status: 'ready'; readonly model: ModelSpec; readonly loaded: LoadedModel }
  | { readonly status: 'failed'; readonly model: ModelSpec; readonly error: AppError };

export interface ReadyEngine {
  readonly model: ModelSpec;
  readonly loaded: LoadedModel;
}

/**
 * Which chat model is resident, for the whole page: models loads and unloads through it, chat waits on it.
 * Implemented in core/models; one instance, made in src/app/services.ts.
 */
export interface EngineRoom {
  readonly engine: ChatEngine;
  state(): EngineState;
  /** Called after each change of `state()`; returns the unsubscribe. */
  subscribe(listener: () => void): () => void;
  /** Loads a stored model (or a server's). A failure steps down only through `onStepDown`, never in silence. */
  load(
    modelId: string,
    options?: CallOptions & { readonly contextTokens?: number; readonly device?: 'gpu' | 'cpu' },
  ): Promise<ReadyEngine>;
  unload(): Promise<void>;
  /**
   * What is ready now; else loads the last used stored model; else waits until the user gets one ready.
   * A question asked early simply awaits this. Rejects with abort/by-user on the signal, or with the error of a load
   * that failed.
   */
  whenReady(options?: CallOptions & { readonly modelId?: string }): Promise<ReadyEngine>;
}
