import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { createParsers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { describeLibrary } from '#core/ports/library.conformance.ts';
import { createId } from '#shared/ids.ts';
import { createLibrary } from './create-library.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from './hashed-embedder.test-support.ts';
import { createOverlapReranker, OVERLAP } from './overlap-reranker.test-support.ts';

describeLibrary('createLibrary over IndexedDB', async () => {
  const name = `library-test-${createId()}`;
  const tab = async () => {
    const repositories = await openRepositories({ name });
    const library = createLibrary({
      repositories,
      parsers: createParsers(),
      embedder: createHashedEmbedder(),
      reranker: createOverlapReranker(),
      loadTokenizer: async () => hashedTokenizer,
      placement: async () => ({ device: 'cpu', threads: 1 }),
      createVectorIndex: createExactIndex,
      createLexicalIndex: createBm25Index,
      locks: createWebLocks(name),
      sha256: sha256Of,
      now: Date.now,
    });
    return { repositories, library };
  };
  const [one, other] = [await tab(), await tab()];
  return {
    library: one.library,
    otherTab: other.library,
    repositories: one.repositories,
    embedder: HASHED,
    reranker: OVERLAP,
    dispose() {
      one.repositories.close();
      other.repositories.close();
      indexedDB.deleteDatabase(name);
    },
  };
});
