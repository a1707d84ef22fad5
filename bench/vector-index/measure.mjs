// Runs in the page. window.measureSize({ count, kind, rounds, queries, withVoy }) -> figures of one size.
import { openRepositories } from '../../src/adapters/storage-idb/index.ts';
import { createKeySet } from '../../src/shared/key-set.ts';
import * as contenders from './contenders.mjs';
import { DIMENSION, makeQueries, makeVectors } from './vectors.mjs';

const SEGMENT = 256;

const quantile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

async function timed(act) {
  const start = performance.now();
  const result = await act();
  return { ms: performance.now() - start, result };
}

/** All contenders answer the same query, one after the other, in a turning order: noise meets them alike. */
async function race(made, queries, rounds, exact) {
  const names = Object.keys(made);
  const figures = Object.fromEntries(names.map((name) => [name, { times: [], byRound: [], found: 0 }]));
  for (const name of names) for (let i = 0; i < 5; i++) await made[name].search(queries[i]);
  for (let round = 0; round < rounds; round++) {
    const ofRound = Object.fromEntries(names.map((name) => [name, []]));
    for (const [i, query] of queries.entries()) {
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + i + round) % names.length];
        const { ms, result } = await timed(() => made[name].search(query));
        ofRound[name].push(ms);
        if (round === 0) figures[name].found += result.filter((key) => exact[i].has(key)).length;
      }
    }
    for (const name of names) {
      figures[name].times.push(...ofRound[name]);
      figures[name].byRound.push({ p50: quantile(ofRound[name], 0.5), p95: quantile(ofRound[name], 0.95) });
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        p50: quantile(figures[name].times, 0.5),
        p95: quantile(figures[name].times, 0.95),
        byRound: figures[name].byRound,
        recall: figures[name].found / (queries.length * contenders.LIMIT),
        bytes: made[name].bytes,
      },
    ]),
  );
}

async function store(repositories, vectors) {
  for (let from = 0, n = 0; from < vectors.length; from += SEGMENT * DIMENSION, n++) {
    const part = vectors.slice(from, from + SEGMENT * DIMENSION);
    const documentId = String(Math.floor(n / 4)).padStart(64, '0'); // a document of about a thousand chunks
    const chunkKeys = Array.from({ length: part.length / DIMENSION }, (_, i) => ({ documentId, ordinal: i }));
    await repositories.library.commit({
      vectors: { spaceId: 's', dimension: DIMENSION, chunkKeys, vectors: part },
    });
  }
}

/** Opening against building: from memory, and from IndexedDB as the product does both. */
async function openings(vectors, saved, rounds) {
  const name = `bench-${crypto.randomUUID()}`;
  const repositories = await openRepositories({ name });
  try {
    await store(repositories, vectors);
    const row = {
      spaceId: 's',
      kind: 'int8',
      dimension: DIMENSION,
      segmentCount: 1,
      keysId: 'k',
      documents: [],
    };
    await repositories.library.saveIndexes([{ ...row, blob: new Blob([saved]) }]);
    const times = { open: [], build: [], openStored: [], buildStored: [] };
    for (let round = 0; round < rounds; round++) {
      times.build.push((await timed(() => contenders.createInt8(vectors))).ms);
      times.open.push((await timed(() => contenders.openInt8(saved))).ms);
      const built = await timed(async () => {
        const parts = contenders.createInt8(new Float32Array(0)).index;
        let key = 0;
        for await (const segment of repositories.library.segments('s'))
          parts.add(
            segment.ordinals.map(() => key++),
            segment.vectors,
          );
        return parts;
      });
      times.buildStored.push(built.ms);
      const opened = await timed(async () => {
        const [record] = await repositories.library.savedIndexes();
        return contenders.openInt8(new Uint8Array(await record.blob.arrayBuffer()));
      });
      times.openStored.push(opened.ms);
      if (built.result.size !== opened.result.size) throw new Error('Opened and built differ');
    }
    return times;
  } finally {
    repositories.close();
    indexedDB.deleteDatabase(name);
  }
}

async function measureSize({ count, kind, rounds, queryCount, withVoy, withOpenings }) {
  const vectors = makeVectors(kind, count);
  const queries = makeQueries(vectors, queryCount);
  const jsScan = contenders.createJsScan(vectors);
  const exact = queries.map((query) => new Set(jsScan.search(query)));
  const int8 = await timed(() => contenders.createInt8(vectors));
  const voy = withVoy ? await timed(() => contenders.createVoy(vectors)) : undefined;
  const buildMs = { 'int8 codes': int8.ms, ...(voy ? { voy: voy.ms } : {}) };
  const made = {
    ...(voy ? { voy: voy.result } : {}),
    'js scan': jsScan,
    'int8 codes': int8.result,
    'int8 rescored': contenders.createRescored(int8.result, vectors),
  };
  // As a product's own exact index holds them a second time, not at the largest size.
  if (count <= 10_000) {
    const own = await timed(() => contenders.createExact(vectors));
    made.exact = own.result;
    buildMs.exact = own.ms;
  }
  const plain = await race(made, queries, rounds, exact);
  const documents = createKeySet(
    Array.from({ length: count }, (_, key) => key).filter((key) => Math.floor(key / 50) % 5 === 0),
  );
  const odd = createKeySet(Array.from({ length: count / 2 }, (_, i) => i * 2 + 1));
  const filters = await race(
    {
      'no filter': int8.result,
      'a fifth, by documents': contenders.filtered(int8.result, documents),
      'every other row': contenders.filtered(int8.result, odd),
    },
    queries,
    rounds,
    exact,
  );
  const times = withOpenings ? await openings(vectors, int8.result.index.save(), 5) : undefined;
  return { count, kind, float32Bytes: vectors.byteLength, buildMs, plain, filters, times };
}

window.measureSize = measureSize;
