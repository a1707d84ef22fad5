// Runs in the page. window.measureHybrid({ count, rounds, queryCount, words }) -> times of queries and of opening.
import { createInt8Index } from '../../src/adapters/index-scan/index.ts';
import { createBm25Index } from '../../src/adapters/lexical-bm25/index.ts';
import { openRepositories } from '../../src/adapters/storage-idb/index.ts';
import { createPassageIndex } from '../../src/core/rag/passage-index.ts';
import { retrieve } from '../../src/core/rag/retrieve.ts';
import { DIMENSION, makeQueries, makeVectors } from './vectors.mjs';

const PER_DOCUMENT = 50;
const PER_COMMIT = 5;
const VOCABULARY = 50_000;
/** The most frequent words stand in nearly every passage; nobody asks for them. */
const FIRST_ASKED = 60;
const SYLLABLES = ['ka', 'len', 'tor', 'mi', 'sup', 'ran', 'vel', 'do', 'gri', 'nax', 'pel', 'us'];
const FLOOR = { found: 0.58, near: 0.5 };

/** The same in every run; the frequencies of words fall as their ranks rise (Zipf). */
function createWords(seed) {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const word = (rank) => {
    let text = '';
    for (let left = rank + 12; left > 0; left = Math.floor(left / 12)) text += SYLLABLES[left % 12];
    return text;
  };
  return (count, first = 1) =>
    Array.from({ length: count }, () => word(Math.floor(first * (VOCABULARY / first) ** random()))).join(' ');
}

function documentOf(n, chunkCount) {
  return {
    id: String(n).padStart(64, '0'),
    name: `document-${n}.md`,
    mediaType: 'text/markdown',
    sizeBytes: 1,
    collectionIds: [n % 5 === 0 ? 'a-fifth' : 'rest'],
    status: 'ready',
    addedAt: n,
    parserId: 'markdown',
    parserVersion: 1,
    chunkerVersion: 1,
    chunkCount,
    embeddedCount: chunkCount,
    spaceId: 's',
  };
}

async function fill(library, vectors, words) {
  const text = createWords(7);
  const count = vectors.length / DIMENSION;
  const space = { id: 's', modelId: 'm', dimension: DIMENSION, metric: 'cosine', createdAt: 1 };
  const step = PER_DOCUMENT * PER_COMMIT;
  for (let from = 0; from < count; from += step) {
    const rows = Math.min(step, count - from);
    const chunks = Array.from({ length: rows }, (_, i) => ({
      documentId: String(Math.floor((from + i) / PER_DOCUMENT)).padStart(64, '0'),
      ordinal: (from + i) % PER_DOCUMENT,
      text: text(words),
      start: 0,
      end: 0,
      tokenCount: words,
      headingPath: [],
      boxes: [],
    }));
    const documents = Array.from({ length: Math.ceil(rows / PER_DOCUMENT) }, (_, i) =>
      documentOf(from / PER_DOCUMENT + i, Math.min(PER_DOCUMENT, rows - i * PER_DOCUMENT)),
    );
    const packed = vectors.slice(from * DIMENSION, (from + rows) * DIMENSION);
    const chunkKeys = chunks.map(({ documentId, ordinal }) => ({ documentId, ordinal }));
    const rowsOf = { spaceId: 's', dimension: DIMENSION, chunkKeys, vectors: packed };
    await library.commit({ documents, chunks, space, vectors: rowsOf });
  }
}

/** As a new worker opens it, with the time that each part of it took. */
async function open(repositories, hasSaved) {
  const parts = { wordsMs: 0, readChunksMs: 0 };
  const library = {
    ...repositories.library,
    ...(hasSaved ? {} : { savedIndexes: async () => [] }),
    chunks: async (id) => {
      const start = performance.now();
      const chunks = await repositories.library.chunks(id);
      parts.readChunksMs += performance.now() - start;
      return chunks;
    },
  };
  const opened = { vectors: false, words: false };
  const index = createPassageIndex({
    library,
    settings: repositories.settings,
    changes: repositories.changes,
    createVectorIndex: (dimension, { saved } = {}) => {
      opened.vectors ||= saved !== undefined;
      return createInt8Index(dimension, saved ? { saved } : {});
    },
    createLexicalIndex: (saved) => {
      opened.words ||= saved !== undefined;
      const words = createBm25Index(saved);
      const add = (entries) => {
        const start = performance.now();
        words.add(entries);
        parts.wordsMs += performance.now() - start;
      };
      return {
        remove: words.remove,
        search: words.search,
        save: words.save,
        add,
        get size() {
          return words.size;
        },
      };
    },
  });
  const start = performance.now();
  await index.sync();
  const totalMs = performance.now() - start;
  for (const [name, isOpened] of Object.entries(opened))
    if (isOpened !== hasSaved) throw new Error(`The saved ${name} were ${isOpened ? '' : 'not '}opened`);
  return { index, times: { totalMs, ...parts, restMs: totalMs - parts.wordsMs - parts.readChunksMs } };
}

async function whenSaved(library) {
  while ((await library.savedIndexes()).length === 0) await new Promise((go) => setTimeout(go, 50));
}

/** Each query in every way, one after the other, in a turning order. */
async function race({ library: stored }, index, queries, rounds) {
  const text = createWords(11);
  const ways = {
    'pure scan': ({ vector }) => index.dense('s').search(vector, 10),
    'hybrid, a fifth of the documents': (query) => hybrid(query, ['a-fifth']),
    'hybrid, no filter': (query) => hybrid(query, []),
  };
  const parts = { dense: [], lexical: [], texts: [] };
  let textsMs = 0;
  const library = {
    ...stored,
    chunksAt: async (places) => {
      const start = performance.now();
      const chunks = await stored.chunksAt(places);
      textsMs += performance.now() - start;
      return chunks;
    },
  };
  async function hybrid({ vector, words }, collectionIds) {
    const embedQuery = async () => ({ vector, spaceId: 's', floor: FLOOR });
    const request = { query: words, collectionIds, limit: 10 };
    textsMs = 0;
    const { passages, timingsMs } = await retrieve({ library, index, embedQuery }, request);
    if (passages.length === 0) throw new Error('A query found nothing');
    if (collectionIds.length === 0) return;
    for (const name of ['dense', 'lexical']) parts[name].push(timingsMs[name]);
    parts.texts.push(textsMs);
  }
  const asked = queries.map((vector) => ({ vector, words: text(5, FIRST_ASKED) }));
  const names = Object.keys(ways);
  for (const name of names) for (const query of asked.slice(0, 3)) await ways[name](query);
  for (const list of Object.values(parts)) list.length = 0;
  const byRound = [];
  for (let round = 0; round < rounds; round++) {
    const times = Object.fromEntries(names.map((name) => [name, []]));
    for (const [i, query] of asked.entries())
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + i + round) % names.length];
        const start = performance.now();
        await ways[name](query);
        times[name].push(performance.now() - start);
      }
    byRound.push(times);
  }
  return { byRound, parts };
}

window.measureHybrid = async ({ count, rounds, queryCount, words }) => {
  const name = `bench-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name });
  try {
    const vectors = makeVectors('texts', count);
    const queries = makeQueries(vectors, queryCount);
    await fill(repositories.library, vectors, words);
    const built = await open(repositories, false);
    await whenSaved(repositories.library);
    built.index.dispose();
    const opened = await open(repositories, true);
    const raced = await race(repositories, opened.index, queries, rounds);
    return { count, built: built.times, opened: opened.times, ...raced };
  } finally {
    repositories.close();
    indexedDB.deleteDatabase(name);
  }
};
