import { type StorageOverview, storageSegments } from '#core/models/index.ts';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { StoredModel } from '#core/ports/model-store.ts';
import type { ImageRepository, LibraryRepository } from '#core/ports/repositories.ts';
import type { StorageReport } from '#features/settings/index.ts';

interface Stored {
  readonly library: Pick<LibraryRepository, 'documents'>;
  readonly images: Pick<ImageRepository, 'list'>;
}

/** The original as it came, and the text that was read from it, a character taken for a byte. */
function documentBytes({ sizeBytes, characterCount = 0 }: DocumentRecord): number {
  return sizeBytes + characterCount;
}

/** What the browser says of this origin's space, and what documents and pictures take of it. */
export async function readStorage({ library, images }: Stored): Promise<StorageOverview> {
  const [{ quota, usage }, isPersisted, documents, pictures] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
    library.documents(),
    images.list(),
  ]);
  return {
    ...(quota === undefined ? {} : { quotaBytes: quota }),
    ...(usage === undefined ? {} : { usageBytes: usage }),
    documentsBytes: documents.reduce((sum, document) => sum + documentBytes(document), 0),
    picturesBytes: pictures.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    isPersisted,
  };
}

/** Asks the browser not to clear what is stored; false = it refused. */
export const persistStorage = (): Promise<boolean> => navigator.storage.persist();

export async function storageReport(
  stored: readonly StoredModel[],
  findModel: (id: string) => Promise<ModelSpec | undefined>,
  repositories: Stored,
): Promise<StorageReport> {
  const overview = await readStorage(repositories);
  const models = await Promise.all(
    stored.map(async ({ modelId, storedBytes }) => ({
      id: modelId,
      label: (await findModel(modelId))?.label ?? modelId,
      bytes: storedBytes,
    })),
  );
  return { ...overview, segments: storageSegments(models, overview) };
}
