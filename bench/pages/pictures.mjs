// The product's way with pictures, and beside it transformers.js as its documentation uses it, on the page.
import { AutoProcessor, CLIPVisionModelWithProjection, env, RawImage } from '@huggingface/transformers';
import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createImagesWorker } from '#app/images-worker.ts';
import { installTrustedTypes } from '#app/trusted-types.ts';
import { makePictures } from './made-pictures.mjs';
import { storeModel } from './store-model.mjs';

installTrustedTypes(); // the page's policy lets workers start only through this

const product = createImagesWorker();
const repositories = openRepositories();
/** Pictures and vectors stay in the page; what goes out are times and cosines. */
let files = [];
const kept = { product: [], plain: [] };
let plain;

async function loadPlain(modelId, path, threads) {
  const absolute = (url) => new URL(url, location.href).href;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = path;
  env.useBrowserCache = false;
  env.useWasmCache = false; // else its runtime is imported from a blob, which the policy forbids
  env.backends.onnx.wasm.wasmPaths = { wasm: absolute(wasmUrl), mjs: absolute(glueUrl) };
  env.backends.onnx.wasm.numThreads = threads;
  const processor = await AutoProcessor.from_pretrained(modelId);
  const model = await CLIPVisionModelWithProjection.from_pretrained(modelId, { dtype: 'q8', device: 'wasm' });
  plain = { processor, model };
}

/** The vector of each picture, in order, as the product has stored it. */
async function storedVectors(imageIds) {
  const { images } = await repositories;
  const { spaceId } = await images.get(imageIds[0]);
  const found = new Map();
  for await (const { imageIds: ids, vectors } of images.segments(spaceId)) {
    const dimension = vectors.length / ids.length;
    for (const [row, id] of ids.entries())
      found.set(id, vectors.slice(row * dimension, (row + 1) * dimension));
  }
  return imageIds.map((id) => found.get(id));
}

const ways = {
  /** From files that were chosen to pictures that can be found: stored, with thumbnails and hashes. */
  async product(model) {
    const { imageIds } = await product.add({ files });
    const addedMs = performance.now();
    const id = crypto.randomUUID();
    const job = { id, kind: 'image-ingest', label: 'bench', state: 'running', createdAt: 1, updatedAt: 1 };
    await (await repositories).jobs.save({ ...job, input: { imageIds, embedder: model } });
    const { ready, busyShare } = await product.ingest({ jobId: id });
    if (ready !== files.length) throw new Error(`${files.length - ready} pictures were not indexed`);
    const endMs = performance.now();
    kept.product.push(...(await storedVectors(imageIds)));
    return { busyShare, addedMs, endMs };
  },
  async plain() {
    for (const file of files) {
      const image = await RawImage.fromBlob(file);
      const { image_embeds } = await plain.model(await plain.processor(image));
      kept.plain.push(image_embeds.data.slice());
    }
    return { endMs: performance.now() };
  },
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

globalThis.pictures = {
  storeModel,
  loadPlain,
  async make(from, count) {
    files = await makePictures(from, count);
    return files.reduce((sum, { size }) => sum + size, 0);
  },
  async run(way, model) {
    const startMs = performance.now();
    const { endMs, addedMs, busyShare } = await ways[way](model);
    const added = addedMs === undefined ? {} : { addMs: addedMs - startMs };
    return { ms: endMs - startMs, pictures: files.length, busyShare, ...added };
  },
  /** Worst and mean cosine, picture by picture; beside it that of different pictures, which says what such a figure means. */
  compare() {
    if (kept.product.length !== kept.plain.length) throw new Error('The two did not see the same pictures');
    const same = kept.product.map((vector, i) => cosine(vector, kept.plain[i]));
    const others = kept.product.slice(1).map((vector, i) => cosine(vector, kept.plain[i]));
    const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
    return { worst: Math.min(...same), mean: mean(same), meanOfOthers: mean(others) };
  },
  forget() {
    kept.product = [];
    kept.plain = [];
  },
};
