import type { Page } from '@playwright/test';

/** What is on disk, read past the app. */
export function storedPictures(page: Page): Promise<{
  readonly images: readonly { readonly name: string; readonly status: string }[];
  /** Of each vector, the name of its picture. */
  readonly vectors: readonly string[];
  readonly thumbnails: number;
}> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('benchtop');
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const all = (store: string): Promise<unknown[]> =>
      new Promise((resolve, reject) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const images = (await all('images')) as { id: string; name: string; status: string }[];
    const segments = (await all('imageVectors')) as { imageIds: string[] }[];
    const blobs = (await all('blobs')) as { id: string }[];
    db.close();
    const names = new Map(images.map(({ id, name }) => [id, name]));
    return {
      images: images.map(({ name, status }) => ({ name, status })),
      vectors: segments
        .flatMap(({ imageIds }) => imageIds)
        .filter((id) => id !== '')
        .map((id) => names.get(id) ?? id),
      thumbnails: blobs.filter(({ id }) => id.startsWith('thumbnail:')).length,
    };
  });
}
