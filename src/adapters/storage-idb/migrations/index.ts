import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { initialStores } from './0001-initial-stores.ts';
import { vectorsByDocument } from './0002-vectors-by-document.ts';
import { savedIndexes } from './0003-saved-indexes.ts';
import { questionSets } from './0004-question-sets.ts';
import { images } from './0005-images.ts';

/** One step of the schema. Frozen once released; `up` may only await requests of `tx`. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: IDBPDatabase, tx: IDBPTransaction<unknown, string[], 'versionchange'>): void | Promise<void>;
}

/** Numbered from 1 without gaps; the last one's number is the database version. */
export const migrations: readonly Migration[] = [
  initialStores,
  vectorsByDocument,
  savedIndexes,
  questionSets,
  images,
];
