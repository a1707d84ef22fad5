// Fills the product's storage with pictures, as an ingest leaves them; and asks the text tower alone, or the product's search.
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { createImagesWorker } from '#app/images-worker.ts';
import { installTrustedTypes } from '#app/trusted-types.ts';
import { imageEmbedContract } from '#contracts/image-embed.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';
import { makePictures } from './made-pictures.mjs';
import { storeModel } from './store-model.mjs';

installTrustedTypes(); // the page's policy lets workers start only through this

const PER_COMMIT = 500;
const THUMBNAILS = 40;
const SHAPES = [
  [1632, 1224],
  [1224, 1632],
  [1600, 900],
  [1200, 1200],
];

const tower = createWorkerHandle({
  name: 'image-embed',
  contract: imageEmbedContract,
  spawn: () =>
    new Worker(new URL('../../workers/image-embed/image-embed.worker.ts', import.meta.url), {
      type: 'module',
    }),
}).client;
const product = createImagesWorker();

/** As the product makes them: WebP, the longer side 320 pixels. */
async function makeThumbnails() {
  const files = await makePictures(0, THUMBNAILS);
  return Promise.all(
    files.map(async (file, i) => {
      const [width, height] = SHAPES[i % SHAPES.length];
      const scale = 320 / Math.max(width, height);
      const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
      const bitmap = await createImageBitmap(file);
      canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      return canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
    }),
  );
}

function randomVectors(count, dimension) {
  const vectors = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (let i = 0; i < dimension; i++) vector[i] = Math.random() - 0.5;
    const norm = Math.hypot(...vector);
    for (let i = 0; i < dimension; i++) vector[i] /= norm;
  }
  return vectors;
}

function recordOf(n, spaceId) {
  const [width, height] = SHAPES[n % SHAPES.length];
  return {
    id: n.toString(16).padStart(64, '0'),
    name: `bench/picture-${n}.jpg`,
    mediaType: 'image/jpeg',
    sizeBytes: 500_000,
    addedAt: n,
    status: 'ready',
    width,
    height,
    tags: [],
    spaceId,
  };
}

globalThis.shelf = {
  async load(model, path, threads) {
    await storeModel(model, path);
    const { fingerprint, dimension } = await tower.load({ model, device: 'cpu', threads });
    return { fingerprint, dimension };
  },

  async fill(count, { fingerprint, dimension }) {
    const { images } = await openRepositories();
    const thumbnails = await makeThumbnails();
    for (let from = 0; from < count; from += PER_COMMIT) {
      const rows = Math.min(PER_COMMIT, count - from);
      const records = Array.from({ length: rows }, (_, i) => recordOf(from + i, fingerprint));
      const imageIds = records.map(({ id }) => id);
      await images.commit({
        images: records,
        blobs: imageIds.map((id, i) => ({
          id: `thumbnail:${id}`,
          blob: thumbnails[(from + i) % thumbnails.length],
        })),
        vectors: { spaceId: fingerprint, dimension, imageIds, vectors: randomVectors(rows, dimension) },
      });
    }
  },

  /** One query through the tower alone, in the product's own worker. */
  async embed(modelId, text) {
    const start = performance.now();
    await tower.embedTexts({ modelId, texts: [text] });
    return performance.now() - start;
  },

  /** The same through the product's search, all hits handed to the page. */
  async search(embedder, words, limit) {
    const start = performance.now();
    const { hits, timingsMs } = await product.search({ embedder, words, limit });
    return { ms: performance.now() - start, hits: hits.length, timingsMs };
  },
};
