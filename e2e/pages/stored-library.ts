import type { Page } from '@playwright/test';

export interface StoredLibrary {
  /** Texts of all chunks, in the order of their documents. */
  readonly chunks: readonly string[];
  /** Ordinals of the chunks that have a vector, ascending. */
  readonly embedded: readonly number[];
  /** Document and ordinal of each chunk, sorted. */
  readonly chunkKeys: readonly string[];
  /** The same of each vector: one that is stored twice stands twice. */
  readonly vectorKeys: readonly string[];
  /** What each document says that it has: a chunk that was lost is missed here. */
  readonly expectedKeys: readonly string[];
}

/** What is really on disk of the library. */
export function storedLibrary(page: Page): Promise<StoredLibrary> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const keyOf = (documentId: string, ordinal: number): string => `${documentId} ${ordinal}`;
    const db = await settled(indexedDB.open('benchtop'));
    const tx = db.transaction(['documents', 'chunks', 'vectors']);
    const documents: { id: string; chunkCount?: number }[] = await settled(
      tx.objectStore('documents').getAll(),
    );
    const chunks: { documentId: string; ordinal: number; text: string }[] = await settled(
      tx.objectStore('chunks').getAll(),
    );
    const segments: { documentIds: string[]; ordinals: number[] }[] = await settled(
      tx.objectStore('vectors').getAll(),
    );
    db.close();
    const rows = segments.flatMap(({ documentIds, ordinals }) =>
      documentIds.flatMap((documentId, row) =>
        documentId === '' ? [] : [{ documentId, ordinal: ordinals[row] ?? -1 }],
      ),
    );
    return {
      chunks: chunks.map(({ text }) => text),
      embedded: rows.map(({ ordinal }) => ordinal).sort((a, b) => a - b),
      chunkKeys: chunks.map(({ documentId, ordinal }) => keyOf(documentId, ordinal)).sort(),
      vectorKeys: rows.map(({ documentId, ordinal }) => keyOf(documentId, ordinal)).sort(),
      expectedKeys: documents
        .flatMap(({ id, chunkCount = 0 }) => Array.from({ length: chunkCount }, (_, i) => keyOf(id, i)))
        .sort(),
    };
  });
}
