import type { Migration } from './index.ts';

/** Question sets of the user, and what came of evaluating them. */
export const questionSets: Migration = {
  version: 4,
  name: 'question-sets',
  up(db) {
    db.createObjectStore('datasets', { keyPath: 'id' });
    db.createObjectStore('runs', { keyPath: 'id' }).createIndex('datasetId', 'datasetId');
  },
};
