import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import type { Repositories } from '#core/ports/repositories.ts';
import { createId } from '#shared/ids.ts';
import { createIngestHouse } from './ingest-house.test-support.ts';

type Parts = Partial<Pick<Parameters<typeof createIngestHouse>[1], 'decoder' | 'films' | 'animations'>>;

/** A house over a storage, with the real index, word index and locks. */
export const houseOver = (repositories: Repositories, parts: Parts = {}) =>
  createIngestHouse(repositories, {
    createVectorIndex: createExactIndex,
    createLexicalIndex: createBm25Index,
    locks: createWebLocks(createId()),
    sha256: sha256Of,
    ...parts,
  });

/** A house over an empty storage in IndexedDB; `end` takes it away. */
export async function openStoredHouse(parts: Parts = {}) {
  const name = `pictures-ingest-test-${createId()}`;
  const repositories = await openRepositories({ name });
  return {
    repositories,
    house: houseOver(repositories, parts),
    end(): void {
      repositories.close();
      indexedDB.deleteDatabase(name);
    },
  };
}
