import { directoryBytes, modelDirectories } from './files.ts';

export interface StorageOverview {
  /** What the browser allows this origin, in bytes. */
  readonly quotaBytes: number;
  /** What it counts as taken. */
  readonly usageBytes: number;
  readonly models: readonly { readonly modelId: string; readonly sizeBytes: number }[];
  /** Everything that is not a model: documents, threads, the offline copy of the app. */
  readonly otherBytes: number;
}

/** What takes the space of this origin. */
export async function readStorageOverview(): Promise<StorageOverview> {
  const models: { modelId: string; sizeBytes: number }[] = [];
  for await (const directory of modelDirectories())
    models.push({ modelId: directory.name, sizeBytes: await directoryBytes(directory) });
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  const modelBytes = models.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    quotaBytes: quota,
    usageBytes: Math.max(usage, modelBytes),
    models,
    otherBytes: Math.max(0, usage - modelBytes),
  };
}
