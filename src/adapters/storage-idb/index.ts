import type {
  DatasetRepository,
  ImageRepository,
  LibraryRepository,
  Repositories,
} from '#core/ports/repositories.ts';
import { createChangeFeed } from './change-feed.ts';
import { later, type Methods } from './later.ts';
import { type OpenDatabaseOptions, openDatabase } from './open-database.ts';
import { DATABASE_NAME } from './schema.ts';
import {
  createJobRepository,
  createModelRepository,
  createSettingsRepository,
} from './small-repositories.ts';
import { createThreadRepository } from './thread-repository.ts';

export { DATABASE_NAME };

export interface OpenRepositories extends Repositories {
  close(): void;
}

const LIBRARY: Methods<LibraryRepository> = {
  collections: 'call',
  saveCollection: 'call',
  removeCollection: 'call',
  documents: 'call',
  document: 'call',
  chunks: 'call',
  chunk: 'call',
  chunksAt: 'call',
  blob: 'call',
  spaces: 'call',
  segments: 'stream',
  segmentCount: 'call',
  savedIndexes: 'call',
  saveIndexes: 'call',
  commit: 'call',
  removeDocument: 'call',
  snapshotDocument: 'call',
  restoreDocument: 'call',
  switchDocument: 'call',
  dropNext: 'call',
  dropEmptySpaces: 'call',
};
const IMAGES: Methods<ImageRepository> = {
  count: 'call',
  list: 'call',
  get: 'call',
  blob: 'call',
  segments: 'stream',
  commit: 'call',
  remove: 'call',
  restore: 'call',
  dropOtherSpaces: 'call',
};
const DATASETS: Methods<DatasetRepository> = {
  list: 'call',
  get: 'call',
  save: 'call',
  update: 'call',
  remove: 'call',
  runs: 'call',
  saveRun: 'call',
  removeRun: 'call',
};

/** Opens the one database and its repositories; on the page or in a worker. Errors: storage/*, capability/storage-denied. */
export async function openRepositories(options: OpenDatabaseOptions = {}): Promise<OpenRepositories> {
  const db = await openDatabase(options);
  const changes = createChangeFeed(options.name ?? DATABASE_NAME);
  return {
    threads: createThreadRepository(db, changes),
    library: later(LIBRARY, async () =>
      (await import('./library-repository.ts')).createLibraryRepository(db, changes),
    ),
    images: later(IMAGES, async () =>
      (await import('./image-repository.ts')).createImageRepository(db, changes),
    ),
    jobs: createJobRepository(db, changes),
    models: createModelRepository(db, changes),
    datasets: later(DATASETS, async () =>
      (await import('./dataset-repository.ts')).createDatasetRepository(db, changes),
    ),
    settings: createSettingsRepository(db, changes),
    changes,
    close() {
      changes.close();
      db.close();
    },
  };
}
