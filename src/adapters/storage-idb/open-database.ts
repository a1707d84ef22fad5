import { type IDBPDatabase, openDB, unwrap } from 'idb';
import { AppError } from '#shared/errors.ts';
import { type Migration, migrations as releasedMigrations } from './migrations/index.ts';
import { type BenchtopSchema, DATABASE_NAME } from './schema.ts';
import { toStorageError } from './to-app-error.ts';

export type Database = IDBPDatabase<BenchtopSchema>;

export interface OpenDatabaseOptions {
  readonly name?: string;
  readonly migrations?: readonly Migration[];
  /** Another tab with an older version keeps the upgrade waiting: ask the user to close it. */
  readonly onBlocked?: () => void;
  /** The connection is gone: a newer version wants to upgrade, or the browser closed it. Nothing can be stored from here. */
  readonly onClosed?: (error: AppError) => void;
  /** How long to wait for other tabs before giving up. */
  readonly blockedMs?: number;
}

/** Opens and upgrades the database. Errors: storage/version-blocked, storage/corrupt, capability/storage-denied. */
export async function openDatabase(options: OpenDatabaseOptions = {}): Promise<Database> {
  const {
    name = DATABASE_NAME,
    migrations = releasedMigrations,
    onBlocked,
    onClosed,
    blockedMs = 10_000,
  } = options;
  const version = migrations.at(-1)?.version ?? 0;
  let migrationError: unknown;
  let blockedTimer: ReturnType<typeof setTimeout> | undefined;
  let giveUp: (error: AppError) => void = () => {};
  const blocked = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const opening = openDB<BenchtopSchema>(name, version, {
    // idb does not roll back an async upgrade that fails: run the steps here, abort on error, rethrow the cause below.
    upgrade(db, oldVersion, _newVersion, tx) {
      const steps = migrations.filter((step) => step.version > oldVersion);
      void (async () => {
        try {
          for (const step of steps) await step.up(db as unknown as IDBPDatabase, tx as never);
        } catch (error) {
          migrationError = error;
          try {
            tx.abort();
          } catch {
            // the failed request has aborted it already
          }
        }
      })();
      tx.done.catch(() => {}); // the open request reports it
    },
    blocked() {
      onBlocked?.();
      blockedTimer = setTimeout(() => giveUp(blockedError()), blockedMs);
    },
    blocking(_current, _next, event) {
      (event.target as IDBDatabase).close(); // never hold up a newer tab
      onClosed?.(
        new AppError(
          'storage/version-blocked',
          'A newer Benchtop was opened in another tab and has upgraded the data. Reload this tab to go on.',
        ),
      );
    },
    terminated() {
      onClosed?.(
        new AppError(
          'storage/corrupt',
          'The browser closed the storage of this page. Reload the page to go on.',
        ),
      );
    },
  });
  opening.then((db) => migrationError !== undefined && unwrap(db).close()).catch(() => {});
  try {
    return await Promise.race([opening, blocked]);
  } catch (error) {
    // An upgrade that comes through later must not keep a connection that nobody holds.
    opening.then((db) => db.close()).catch(() => {});
    if (migrationError !== undefined)
      throw new AppError(
        'storage/corrupt',
        'The stored data could not be brought to this version. Nothing was changed. Reload, or report this.',
        { cause: migrationError },
      );
    throw toStorageError(error);
  } finally {
    clearTimeout(blockedTimer);
  }
}

function blockedError(): AppError {
  return new AppError(
    'storage/version-blocked',
    'Another tab still uses an older Benchtop. Close all other Benchtop tabs, then reload this one.',
  );
}
