import type { Migration } from './index.ts';

/** Pictures and their vectors; their bytes and thumbnails lie in `blobs`. */
export const images: Migration = {
  version: 5,
  name: 'images',
  up(db) {
    db.createObjectStore('images', { keyPath: 'id' });
    db.createObjectStore('imageVectors', { keyPath: ['spaceId', 'segment'] }).createIndex(
      'imageIds',
      'imageIds',
      { multiEntry: true },
    );
  },
};
