import type { StoreApi } from 'zustand/vanilla';
import { toAppError, toWire } from '#shared/errors.ts';
import { createTurns } from '#shared/turns.ts';
import type { EvalsDependencies, EvalsState } from './evals-state.ts';
import { readRun } from './stored-run.ts';
import { createUndoOffer } from './undo-offer.ts';

/** What was measured before with the open set; kept as it is on the disk, also when another tab writes. */
export function createEarlierRuns(
  { repositories, notify }: Pick<EvalsDependencies, 'repositories' | 'notify'>,
  store: StoreApi<EvalsState>,
) {
  const { datasets } = repositories;
  const offerUndo = createUndoOffer(notify);
  const takeTurn = createTurns();

  /** One after the other, each of the set that is open when its turn comes. */
  async function read(): Promise<void> {
    const endTurn = await takeTurn();
    const id = store.getState().set?.id;
    try {
      const earlier = id === undefined ? [] : (await datasets.runs(id)).map(readRun);
      if (store.getState().set?.id === id) store.setState({ earlier });
    } catch (error) {
      store.setState({ error: toWire(toAppError(error)) });
    } finally {
      endTurn();
    }
  }

  const stopChanges = repositories.changes.subscribe(({ store: name }) => {
    if (name === 'runs') void read();
  });
  const stopState = store.subscribe(({ set }, before) => {
    if (set?.id === before.set?.id) return;
    store.setState({ earlier: [] });
    void read();
  });

  return {
    actions: {
      async removeRun(id: string): Promise<void> {
        const run = store.getState().earlier.find((each) => each.id === id);
        if (run === undefined) return;
        try {
          await datasets.removeRun(id);
        } catch (error) {
          store.setState({ error: toWire(toAppError(error)) });
          return;
        }
        offerUndo('Deleted an evaluation.', async () => void (await datasets.saveRun(run.record)));
      },
    },
    dispose(): void {
      stopChanges();
      stopState();
    },
  };
}
