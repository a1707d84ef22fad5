import type { Repositories } from '#core/ports/repositories.ts';
import { createChangeFeed } from './change-feed.ts';
import { later } from './later.ts';
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

/** Opens the one database and its repositories; on the page or in a worker. Errors: storage/*, capability/storage-denied. */
export async function openRepositories(options: OpenDatabaseOptions = {}): Promise<OpenRepositories> {
  const db = await openDatabase(options);
  const changes = createChangeFeed(options.name ?? DATABASE_NAME);
  return {
    threads: createThreadRepository(db, changes),
    library: later(
      async () => (await import('./library-repository.ts')).createLibraryRepository(db, changes),
      ['segments'],
    ),
    jobs: createJobRepository(db, changes),
    models: createModelRepository(db, changes),
    datasets: later(async () =>
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
