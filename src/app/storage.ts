import { type StorageOverview, storageSegments } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { StoredModel } from '#core/ports/model-store.ts';
import type { StorageReport } from '#features/settings/index.ts';

/** What the browser says of this origin's space. */
export async function readStorage(): Promise<StorageOverview> {
  const [{ quota, usage }, isPersisted] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ]);
  return {
    ...(quota === undefined ? {} : { quotaBytes: quota }),
    ...(usage === undefined ? {} : { usageBytes: usage }),
    isPersisted,
  };
}

/** Asks the browser not to clear what is stored; false = it refused. */
export const persistStorage = (): Promise<boolean> => navigator.storage.persist();

export async function storageReport(
  stored: readonly StoredModel[],
  findModel: (id: string) => Promise<ModelSpec | undefined>,
): Promise<StorageReport> {
  const overview = await readStorage();
  const models = await Promise.all(
    stored.map(async ({ modelId, storedBytes }) => ({
      id: modelId,
      label: (await findModel(modelId))?.label ?? modelId,
      bytes: storedBytes,
    })),
  );
  return { ...overview, segments: storageSegments(models, overview) };
}
