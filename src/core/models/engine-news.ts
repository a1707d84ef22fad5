import type { LoadedModel } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Progress } from '#shared/call.ts';
import type { WireError } from '#shared/errors.ts';

/** What the engine that all tabs share holds now: told to every tab, in order. */
export type EngineNews =
  | { readonly status: 'none' }
  | { readonly status: 'loading'; readonly model: ModelSpec; readonly progress?: Progress }
  | { readonly status: 'ready'; readonly model: ModelSpec; readonly loaded: LoadedModel }
  /** It ran and is gone: the worker ended, the GPU was reset. */
  | { readonly status: 'lost'; readonly model: ModelSpec; readonly error: WireError };
