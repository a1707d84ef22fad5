import { libraryContract } from '#contracts/library.ts';
import { llmContract } from '#contracts/llm.ts';
import { modelStoreContract } from '#contracts/model-store.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { Library } from '#core/ports/library.ts';
import type { ModelStore } from '#core/ports/model-store.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

/** A worker that was needed once and not since gives its memory back. The language model stays: loading it is slow. */
const IDLE_MS = 120_000;

export interface Workers {
  readonly llm: ChatEngine;
  readonly library: Library;
  readonly modelStore: ModelStore;
}

/**
 * One run of a vision encoder on a processor takes seconds and hears nothing meanwhile. The page is free at once, so patience
 * costs nothing, but a thread that is ended takes the loaded model with it.
 */
const LLM_ABORT_GRACE_MS = 15_000;

/** The threads of work. Each starts on its first call; one that dies rejects its calls and starts anew on the next. */
export function createWorkers(): Workers {
  const llm = createWorkerHandle<ChatEngine>({
    name: 'llm',
    contract: llmContract,
    abortGraceMs: LLM_ABORT_GRACE_MS,
    spawn: () =>
      new Worker(new URL('../../workers/llm/llm.worker.ts', import.meta.url), {
        type: 'module',
        name: 'llm',
      }),
  });
  const library = createWorkerHandle<Library>({
    name: 'library',
    contract: libraryContract,
    spawn: () =>
      new Worker(new URL('../../workers/library/library.worker.ts', import.meta.url), {
        type: 'module',
        name: 'library',
      }),
  });
  const modelStore = createWorkerHandle<ModelStore>({
    name: 'models',
    contract: modelStoreContract,
    idleMs: IDLE_MS,
    spawn: () =>
      new Worker(new URL('../../workers/models/models.worker.ts', import.meta.url), {
        type: 'module',
        name: 'models',
      }),
  });
  return {
    llm: llm.client,
    library: library.client,
    modelStore: modelStore.client,
  };
}
