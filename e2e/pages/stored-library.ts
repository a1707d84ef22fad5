import type { Page } from '@playwright/test';

export interface StoredLibrary {
  /** Texts of all chunks, in the order of the document. */
  readonly chunks: readonly string[];
  /** Ordinals of the chunks that have a vector, ascending. */
  readonly embedded: readonly number[];
}

/** What is really on disk of the one document in the library. */
export function storedLibrary(page: Page): Promise<StoredLibrary> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await settled(indexedDB.open('benchtop'));
    const tx = db.transaction(['chunks', 'vectors']);
    const chunks: { text: string }[] = await settled(tx.objectStore('chunks').getAll());
    const segments: { documentIds: string[]; ordinals: number[] }[] = await settled(
      tx.objectStore('vectors').getAll(),
    );
    db.close();
    const rows = segments.flatMap(({ documentIds, ordinals }) =>
      ordinals.filter((_, row) => documentIds[row] !== ''),
    );
    return { chunks: chunks.map(({ text }) => text), embedded: rows.sort((a, b) => a - b) };
  });
}
