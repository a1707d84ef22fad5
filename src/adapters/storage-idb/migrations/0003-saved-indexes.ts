import type { Migration } from './index.ts';

/** A large vector index opens from its bytes, several times as fast as it is built. */
export const savedIndexes: Migration = {
  version: 3,
  name: 'saved-indexes',
  up(db) {
    db.createObjectStore('indexes', { keyPath: 'spaceId' });
  },
};
