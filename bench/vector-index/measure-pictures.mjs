// Runs in the page. window.measurePictures({ count, rounds, queryCount }) -> times of searches and of bare scans.
import { createExactIndex } from '../../src/adapters/index-scan/index.ts';
import { createBm25Index } from '../../src/adapters/lexical-bm25/index.ts';
import { openRepositories } from '../../src/adapters/storage-idb/index.ts';
import { createPictureIndex } from '../../src/core/images/picture-index.ts';
import { createSearchPictures } from '../../src/core/images/search-pictures.ts';

const DIMENSION = 512;
const SPACE = 's';
const PER_COMMIT = 2000;
const EMBEDDER = { id: 'none' };
/** What one looks through, and what the screen asks for. */
const LIMITS = { first: 100, screen: 30_000 };

/** The same in every run; a direction each, none like another. */
function createVectors(seed) {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return (count) => {
    const vectors = new Float32Array(count * DIMENSION);
    for (let row = 0; row < count; row++) {
      const vector = vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION);
      let sum = 0;
      for (let i = 0; i < DIMENSION; i++) {
        vector[i] = random() + random() + random();
        sum += vector[i] ** 2;
      }
      const norm = Math.sqrt(sum);
      for (let i = 0; i < DIMENSION; i++) vector[i] /= norm;
    }
    return vectors;
  };
}

const recordOf = (n) => ({
  id: n.toString(16).padStart(64, '0'),
  name: `${n % 5 === 0 ? 'a-fifth' : 'rest'}/picture-${n}.jpg`,
  mediaType: 'image/jpeg',
  sizeBytes: 1,
  addedAt: n,
  status: 'ready',
  width: 1632,
  height: 1224,
  tags: [],
  spaceId: SPACE,
});

async function fill(images, count) {
  const make = createVectors(1);
  for (let from = 0; from < count; from += PER_COMMIT) {
    const rows = Math.min(PER_COMMIT, count - from);
    const records = Array.from({ length: rows }, (_, i) => recordOf(from + i));
    const imageIds = records.map(({ id }) => id);
    const vectors = { spaceId: SPACE, dimension: DIMENSION, imageIds, vectors: make(rows) };
    await images.commit({ images: records, vectors });
  }
}

/** The product's search, to which the question's vector is given: the tower for texts is measured elsewhere. */
function createSearch(repositories) {
  const { images, changes } = repositories;
  const index = createPictureIndex({
    images,
    changes,
    createVectorIndex: (n) => createExactIndex(n),
    createLexicalIndex: createBm25Index,
  });
  let vectors;
  const room = {
    load: async () => ({ fingerprint: SPACE }),
    embedTexts: async () => ({ vectors, dimension: DIMENSION, count: 1 }),
    models: async () => ({}),
  };
  const learned = { apply: async (_spaceId, texts) => texts };
  const { search } = createSearchPictures({ images, decoder: {}, room, index, learned });
  return {
    index,
    async ask(vector, limit, filter = {}) {
      vectors = vector;
      const { hits } = await search({ embedder: EMBEDDER, words: 'anything', limit, filter });
      return hits;
    },
  };
}

async function checkSame({ index, ask }, vector) {
  const scanned = await index.space(SPACE).search(vector, LIMITS.first);
  const found = await ask(vector, LIMITS.first);
  const isSame = found.every(({ imageId }, i) => imageId === index.idOf(scanned[i].key));
  if (!isSame || found.length !== scanned.length)
    throw new Error('The search did not find what the scan finds');
}

async function race(searching, queries, rounds) {
  const scan = (vector, limit) => searching.index.space(SPACE).search(vector, limit);
  const ways = Object.fromEntries(
    Object.entries(LIMITS).flatMap(([name, limit]) => [
      [`scan, ${name}`, (vector) => scan(vector, limit)],
      [`search, ${name}`, (vector) => searching.ask(vector, limit)],
      [`a fifth, ${name}`, (vector) => searching.ask(vector, limit, { folder: 'a-fifth' })],
    ]),
  );
  const names = Object.keys(ways);
  for (const name of names) for (const vector of queries.slice(0, 3)) await ways[name](vector);
  const byRound = [];
  for (let round = 0; round < rounds; round++) {
    const times = Object.fromEntries(names.map((name) => [name, []]));
    for (const [i, vector] of queries.entries())
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + i + round) % names.length];
        const start = performance.now();
        await ways[name](vector);
        times[name].push(performance.now() - start);
      }
    byRound.push(times);
  }
  return byRound;
}

window.measurePictures = async ({ count, rounds, queryCount }) => {
  const name = `bench-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name });
  try {
    await fill(repositories.images, count);
    const searching = createSearch(repositories);
    const start = performance.now();
    await searching.index.sync();
    const openedMs = performance.now() - start;
    const packed = createVectors(2)(queryCount);
    const queries = Array.from({ length: queryCount }, (_, i) =>
      packed.slice(i * DIMENSION, (i + 1) * DIMENSION),
    );
    await checkSame(searching, queries[0]);
    return { count, openedMs, byRound: await race(searching, queries, rounds) };
  } finally {
    repositories.close();
    indexedDB.deleteDatabase(name);
  }
};
