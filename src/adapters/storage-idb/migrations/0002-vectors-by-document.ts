import type { Migration } from './index.ts';

/** Deleting a document reads its own segments only, not every vector of the library. */
export const vectorsByDocument: Migration = {
  version: 2,
  name: 'vectors-by-document',
  up(_db, tx) {
    tx.objectStore('vectors').createIndex('documentIds', 'documentIds', { multiEntry: true });
  },
};
