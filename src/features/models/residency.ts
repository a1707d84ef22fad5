import type { StepDownProposal } from '#core/models/index.ts';
import type { EngineState } from '#core/ports/engine-room.ts';
import { isAbort, toAppError, toWire } from '#shared/errors.ts';
import type { ModelsDependencies, ModelsStore } from './models-state.ts';

export interface LoadChoice {
  readonly contextTokens?: number;
  readonly device?: 'gpu' | 'cpu';
}

/** The model that is in the engine, or on its way in or out. */
export function engineModelId(engine: EngineState): string | undefined {
  return engine.status === 'none' ? undefined : engine.model.id;
}

/** What is loaded, and the questions on the way there. */
export function createResidency({ engineRoom, shelf }: ModelsDependencies, store: ModelsStore) {
  let answer: ((isWanted: boolean) => void) | undefined;

  const stopEngine = engineRoom.subscribe(() => store.setState({ engine: engineRoom.state() }));

  /** What is loaded was loaded without the projector that has come since, or with one that is gone: an engine keeps what it has. */
  async function letGoChanged(modelId: string): Promise<void> {
    const engine = engineRoom.state();
    if (engine.status !== 'ready' || engine.model.id !== modelId) return;
    const known = await shelf.findModel(modelId);
    if (known && known.seesImages !== engine.model.seesImages) await engineRoom.unload();
  }

  return {
    /** Resolves when it is loaded, cancelled or failed; a failure is shown where the model is. */
    async load(modelId: string, choice: LoadChoice = {}): Promise<void> {
      store.setState({ loadError: undefined });
      try {
        await letGoChanged(modelId);
        await engineRoom.load(modelId, choice);
      } catch (error) {
        if (!isAbort(error)) store.setState({ loadError: { modelId, error: toWire(toAppError(error)) } });
      }
    },

    /** Stops a load, whoever asked for it; what ran before stays unloaded. */
    cancelLoad: (): Promise<void> => engineRoom.unload(),
    unload: (): Promise<void> => engineRoom.unload(),

    /** Shows the question and waits for the answer. The signal takes the question away: that is a no. */
    askStepDown(proposal: StepDownProposal, { signal }: { readonly signal: AbortSignal }): Promise<boolean> {
      answer?.(false);
      return new Promise((resolve) => {
        const end = (isWanted: boolean): void => {
          signal.removeEventListener('abort', onAbort);
          if (answer === end) {
            answer = undefined;
            store.setState({ stepDown: undefined });
          }
          resolve(isWanted);
        };
        const onAbort = (): void => end(false);
        if (signal.aborted) return resolve(false);
        answer = end;
        signal.addEventListener('abort', onAbort);
        store.setState({ stepDown: proposal });
      });
    },
    answerStepDown(isWanted: boolean): void {
      answer?.(isWanted);
    },

    dispose(): void {
      answer?.(false);
      stopEngine();
    },
  };
}
