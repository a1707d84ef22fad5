import type { StorageSegment } from '#core/models/index.ts';
import type { Locks } from '#core/ports/locks.ts';
import type { ChangeFeed, SettingsRepository } from '#core/ports/repositories.ts';
import type { WireError } from '#shared/errors.ts';
import type { Settings } from './settings.ts';

/** What the app knows of the space that this page takes; `storageSegments` of core/models makes the parts. */
export interface StorageReport {
  readonly segments: readonly StorageSegment[];
  /** Absent where the browser does not say. */
  readonly usageBytes?: number;
  readonly quotaBytes?: number;
  /** The browser does not clear it under pressure. */
  readonly isPersisted: boolean;
}

export interface SettingsDependencies {
  readonly settings: SettingsRepository;
  readonly changes: ChangeFeed;
  /** Two tabs that change something at once must not overwrite each other. */
  readonly locks: Locks;
  readonly readStorage: () => Promise<StorageReport>;
  /** Asks the browser to keep what is stored; false = it refused. */
  readonly persistStorage: () => Promise<boolean>;
  /** Clears the database, model files, caches, localStorage and the service worker, then starts the page anew. */
  readonly deleteEverything: () => Promise<void>;
  /** Makes the page look as chosen. */
  readonly applyAppearance?: (settings: Settings) => void;
}

export interface SettingsState {
  readonly isLoaded: boolean;
  readonly settings: Settings;
  /** Settings could not be read or written. */
  readonly error?: WireError;
  readonly storage?: StorageReport;
  readonly storageError?: WireError;
  /** The browser was asked to keep the storage and said no. */
  readonly isPersistRefused: boolean;
  readonly deletion: 'idle' | 'running' | 'done';
  readonly deletionError?: WireError;
}
