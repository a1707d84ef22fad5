import { type StorageOverview, storageSegments } from '#core/models/index.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { StoredModel } from '#core/ports/model-store.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { StorageReport } from '#features/settings/index.ts';

type Documents = Pick<LibraryRepository, 'documents'>;

/** The original as it came, and the text that was read from it, a character taken for a byte. */
function documentBytes({ sizeBytes, characterCount = 0 }: DocumentRecord): number {
  return sizeBytes + characterCount;
}

/** What the browser says of this origin's space, and what documents take of it. */
export async function readStorage(library: Documents): Promise<StorageOverview> {
  const [{ quota, usage }, isPersisted, documents] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
    library.documents(),
  ]);
  return {
    ...(quota === undefined ? {} : { quotaBytes: quota }),
    ...(usage === undefined ? {} : { usageBytes: usage }),
    documentsBytes: documents.reduce((sum, document) => sum + documentBytes(document), 0),
    isPersisted,
  };
}

/** Asks the browser not to clear what is stored; false = it refused. */
export const persistStorage = (): Promise<boolean> => navigator.storage.persist();

export async function storageReport(
  stored: readonly StoredModel[],
  findModel: (id: string) => Promise<ModelSpec | undefined>,
  library: Documents,
): Promise<StorageReport> {
  const overview = await readStorage(library);
  const models = await Promise.all(
    stored.map(async ({ modelId, storedBytes }) => ({
      id: modelId,
      label: (await findModel(modelId))?.label ?? modelId,
      bytes: storedBytes,
    })),
  );
  return { ...overview, segments: storageSegments(models, overview) };
}
