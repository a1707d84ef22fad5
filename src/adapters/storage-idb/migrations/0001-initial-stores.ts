import type { Migration } from './index.ts';

export const initialStores: Migration = {
  version: 1,
  name: 'initial-stores',
  up(db) {
    db.createObjectStore('threads', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt');
    db.createObjectStore('messages', { keyPath: 'id' }).createIndex('threadId', 'threadId');
    db.createObjectStore('collections', { keyPath: 'id' });
    db.createObjectStore('documents', { keyPath: 'id' }).createIndex('collectionIds', 'collectionIds', {
      multiEntry: true,
    });
    db.createObjectStore('chunks', { keyPath: ['documentId', 'ordinal'] });
    db.createObjectStore('blobs', { keyPath: 'id' });
    db.createObjectStore('spaces', { keyPath: 'id' });
    db.createObjectStore('vectors', { keyPath: ['spaceId', 'segment'] });
    db.createObjectStore('jobs', { keyPath: 'id' });
    db.createObjectStore('models', { keyPath: 'id' });
    db.createObjectStore('settings');
  },
};
