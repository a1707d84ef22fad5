export { createOpfsModelStore, openStoredFile, storedHash } from './model-store.ts';
