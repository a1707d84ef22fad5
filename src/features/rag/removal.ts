import type { Library } from '#core/ports/library.ts';
import type { CollectionRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { DocumentSnapshot, LibraryRepository } from '#core/ports/repositories.ts';

/** Takes things away so that they can be put back. */
export interface Removal {
  /** Returns what puts the document back, or undefined when it was gone already. */
  document(id: string): Promise<(() => Promise<void>) | undefined>;
  /** The collection, and every document that is in no other. */
  collection(collection: CollectionRecord): Promise<() => Promise<void>>;
}

export function createRemoval(repository: LibraryRepository, library: Library): Removal {
  async function forget(documentIds: readonly string[]): Promise<void> {
    if (documentIds.length > 0) await library.forget({ documentIds });
  }

  return {
    async document(id) {
      const snapshot = await repository.snapshotDocument(id);
      await repository.removeDocument(id);
      await forget([id]);
      return snapshot && (() => repository.restoreDocument(snapshot));
    },
    async collection(collection) {
      const inside = await repository.documents(collection.id);
      const only = (document: DocumentRecord): boolean => document.collectionIds.length === 1;
      const snapshots: DocumentSnapshot[] = [];
      for (const { id } of inside.filter(only)) {
        const snapshot = await repository.snapshotDocument(id);
        if (snapshot) snapshots.push(snapshot);
      }
      const shared = inside.filter((document) => !only(document)).map(({ id }) => id);
      await repository.removeCollection(collection.id);
      await forget(snapshots.map(({ document }) => document.id));
      return async () => {
        await repository.saveCollection(collection);
        for (const snapshot of snapshots) await repository.restoreDocument(snapshot);
        const back: DocumentRecord[] = [];
        for (const id of shared) {
          const now = await repository.document(id);
          if (now) back.push({ ...now, collectionIds: [...new Set([...now.collectionIds, collection.id])] });
        }
        if (back.length > 0) await repository.commit({ documents: back });
      };
    },
  };
}
