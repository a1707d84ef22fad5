import type { Library } from '#core/ports/library.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import type { Removal } from './removal.ts';

/** As `createRemoval`; its code comes with the first removal. */
export function createLaterRemoval(repository: LibraryRepository, library: Library): Removal {
  const loaded = async () => (await import('./removal.ts')).createRemoval(repository, library);
  return {
    document: async (id) => (await loaded()).document(id),
    collection: async (collection) => (await loaded()).collection(collection),
    part: async (collection, documentIds) => (await loaded()).part(collection, documentIds),
    indexed: async (job) => (await loaded()).indexed(job),
  };
}
