// The product's embedding worker and, beside it, transformers.js as its documentation uses it in a worker.
import { installTrustedTypes } from '#app/trusted-types.ts';
import { embedContract } from '#contracts/embed.ts';
import { embeddingText } from '#core/rag/chunk.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

installTrustedTypes(); // the page's policy lets workers start only through this

const product = createWorkerHandle({
  name: 'embed',
  contract: embedContract,
  spawn: () =>
    new Worker(new URL('../../workers/embed/embed.worker.ts', import.meta.url), { type: 'module' }),
});

let plain;

/** One call to the plain worker at a time. */
function askPlain(message) {
  plain ??= new Worker(new URL('./plain-transformers.worker.mjs', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    plain.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    plain.onerror = (event) => reject(new Error(event.message));
    plain.postMessage(message);
  });
}

/** Vectors stay in the page; what goes out are times and the cosines between two ways. */
const kept = new Map();

async function timed(name, texts, run) {
  const startedMs = performance.now();
  const vectors = await run();
  const ms = performance.now() - startedMs;
  kept.set(name, [...(kept.get(name) ?? []), ...vectors]);
  return { ms, texts: texts.length };
}

const rows = ({ vectors, count, dimension }) =>
  Array.from({ length: count }, (_, i) => vectors.slice(i * dimension, (i + 1) * dimension));

const embed = (modelId, texts) => product.client.embed({ modelId, texts, kind: 'passage' });

const ways = {
  together: async (modelId, texts) => rows(await embed(modelId, texts)),
  async oneByOne(modelId, texts) {
    const vectors = [];
    for (const text of texts) vectors.push(...rows(await embed(modelId, [text])));
    return vectors;
  },
  async plain(_modelId, texts) {
    const vectors = [];
    for (const text of texts) vectors.push((await askPlain({ type: 'embed', texts: [text] })).rows[0]);
    return vectors;
  },
  /** All texts in one call of the pipeline, padded to the longest: what the library calls a batch. */
  plainBatch: async (_modelId, texts) => (await askPlain({ type: 'embed', texts })).rows,
};

function cosine(a, b) {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / Math.sqrt(aa * bb);
}

/** Worst and mean cosine between the vectors of two ways, text by text. */
function compare(one, other) {
  const [left, right] = [kept.get(one), kept.get(other)];
  if (left.length !== right.length) throw new Error(`${one} and ${other} embedded different texts`);
  const cosines = left.map((vector, i) => cosine(vector, right[i]));
  return { worst: Math.min(...cosines), mean: cosines.reduce((a, b) => a + b, 0) / cosines.length };
}

globalThis.embedding = {
  load: (model, threads) => product.client.load({ model, device: 'cpu', threads }),
  loadPlain: (modelId, pooling, threads) => askPlain({ type: 'load', modelId, pooling, threads }),
  run: (way, modelId, texts) => timed(way, texts, () => ways[way](modelId, texts)),
  compare,
  forget: () => kept.clear(),
  /** Exactly the text that an ingest gives the embedder for a stored chunk. Headings of the samples fit as they are. */
  textsOf: (chunks) => chunks.map((chunk) => embeddingText(chunk, { count: () => 0 }, 64)),
};
