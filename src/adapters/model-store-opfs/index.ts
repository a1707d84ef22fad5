export { createOpfsModelStore, openStoredFile, storedHash } from './model-store.ts';
export { readStorageOverview, type StorageOverview } from './storage-overview.ts';
