import { DATABASE_NAME } from '#adapters/storage-idb/index.ts';
import { AppError } from '#shared/errors.ts';

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () =>
      reject(
        new AppError(
          'storage/version-blocked',
          'Another Benchtop tab still uses the data. Close all other tabs, then delete again.',
        ),
      );
  });
}

/**
 * Everything that this origin keeps on the machine: threads, documents, models, the offline copy of the app, choices.
 * Then the page starts anew. Errors: storage/version-blocked, and the browser's own.
 */
export async function deleteEverything(open: { readonly close: () => void }): Promise<void> {
  open.close();
  await deleteDatabase(DATABASE_NAME);
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  for (const name of await caches.keys()) await caches.delete(name);
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? [])
    await registration.unregister();
  localStorage.clear();
  location.assign('/');
}
