import type { ModelSpec } from '#core/ports/model.ts';
import type { ModelsDependencies, ModelsStore } from './models-state.ts';
import { engineModelId } from './residency.ts';

/** "… is on this device. Load": said once a model has come, and taken away once there is nothing left to load. */
export function createLoadOffers(
  { notify }: Pick<ModelsDependencies, 'notify'>,
  store: ModelsStore,
  load: (modelId: string) => void,
) {
  const open = new Map<string, () => void>();
  const stop = store.subscribe(({ engine, stored }) => {
    for (const [modelId, takeAway] of open) {
      const isHere = stored.some((entry) => entry.modelId === modelId);
      if (isHere && engineModelId(engine) !== modelId) continue;
      open.delete(modelId);
      takeAway();
    }
  });
  return {
    offer({ id, label }: ModelSpec): void {
      open.get(id)?.();
      const takeAway = notify(`${label} is on this device.`, {
        label: 'Load',
        onSelect: () => load(id),
        onGone: () => open.delete(id),
      });
      open.set(id, takeAway);
    },
    dispose: stop,
  };
}
