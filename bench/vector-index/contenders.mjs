// What is compared: each is built from packed vectors and answers the ten best rows.

import { createExactIndex, createInt8Index } from '../../src/adapters/index-scan/index.ts';
import { loadVoy } from '../../src/adapters/index-voy/load-voy.ts';
import { DIMENSION } from './vectors.mjs';

export const LIMIT = 10;
/** As storage packs them. */
const SEGMENT = 256;

/** Plain JavaScript: one Float32Array, four sums at a time, the ten best kept in order. It is also the exact answer. */
export function createJsScan(vectors) {
  const count = vectors.length / DIMENSION;
  const keys = new Int32Array(LIMIT);
  const scores = new Float64Array(LIMIT);
  return {
    bytes: vectors.byteLength,
    search(query) {
      scores.fill(Number.NEGATIVE_INFINITY);
      for (let row = 0, at = 0; row < count; row++, at += DIMENSION) {
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        for (let i = 0; i < DIMENSION; i += 4) {
          a += vectors[at + i] * query[i];
          b += vectors[at + i + 1] * query[i + 1];
          c += vectors[at + i + 2] * query[i + 2];
          d += vectors[at + i + 3] * query[i + 3];
        }
        const score = a + b + (c + d);
        if (score <= scores[LIMIT - 1]) continue;
        let place = LIMIT - 1;
        for (; place > 0 && scores[place - 1] < score; place--) {
          scores[place] = scores[place - 1];
          keys[place] = keys[place - 1];
        }
        scores[place] = score;
        keys[place] = row;
      }
      return [...keys];
    },
  };
}

/** The library as it is, without our guard: what it needs is a text id and an array of numbers for each vector. */
export async function createVoy(vectors) {
  const voy = await loadVoy();
  const before = voy.memory.buffer.byteLength;
  const tree = voy.create();
  for (let from = 0; from < vectors.length; from += SEGMENT * DIMENSION) {
    const part = vectors.subarray(from, from + SEGMENT * DIMENSION);
    const embeddings = Array.from({ length: part.length / DIMENSION }, (_, i) => ({
      id: String(from / DIMENSION + i),
      title: '',
      url: '',
      embeddings: Array.from(part.subarray(i * DIMENSION, (i + 1) * DIMENSION)),
    }));
    tree.add({ embeddings });
  }
  return {
    bytes: voy.memory.buffer.byteLength - before,
    search: (query) => tree.search(query, LIMIT).neighbors.map(({ id }) => Number(id)),
  };
}

export function fill(index, vectors) {
  for (let from = 0; from < vectors.length; from += SEGMENT * DIMENSION) {
    const part = vectors.subarray(from, from + SEGMENT * DIMENSION);
    index.add(
      Array.from({ length: part.length / DIMENSION }, (_, i) => from / DIMENSION + i),
      part,
    );
  }
  return index;
}

function asContender(index, accepts) {
  return {
    index,
    bytes: index.bytes,
    search: async (query) => (await index.search(query, LIMIT, accepts)).map(({ key }) => key),
  };
}

export const createExact = (vectors) => asContender(fill(createExactIndex(DIMENSION), vectors));
export const createInt8 = (vectors) => asContender(fill(createInt8Index(DIMENSION), vectors));
export const openInt8 = (saved) => createInt8Index(DIMENSION, { saved });
export const filtered = ({ index }, accepts) => asContender(index, accepts);

/** The codes choose, originals decide. Here the originals are at hand; their bytes and the reading are not counted. */
export function createRescored({ index }, vectors) {
  const readVectors = async (keys) =>
    keys.map((key) => vectors.subarray(key * DIMENSION, (key + 1) * DIMENSION));
  return asContender(createInt8Index(DIMENSION, { saved: index.save(), readVectors }));
}
