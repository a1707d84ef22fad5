import { sha256Of } from '#adapters/hash-stream/index.ts';
import { createExactIndex, createInt8Index } from '#adapters/index-scan/index.ts';
import { createBm25Index } from '#adapters/lexical-bm25/index.ts';
import { openStoredFile } from '#adapters/model-store-opfs/index.ts';
import { createOcrParsers, createParsers, createUnpackers } from '#adapters/parsers/index.ts';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import { loadHfTokenizer } from '#adapters/tokenizer-hf/index.ts';
import { createWebLocks } from '#adapters/web-locks/index.ts';
import { embedContract } from '#contracts/embed.ts';
import { libraryContract } from '#contracts/library.ts';
import { ocrContract } from '#contracts/ocr.ts';
import { rerankContract } from '#contracts/rerank.ts';
import type { Library } from '#core/ports/library.ts';
import type { Reranker } from '#core/ports/reranker.ts';
import type { TextEmbedder } from '#core/ports/text-embedder.ts';
import type { TextRecognizer } from '#core/ports/text-recognizer.ts';
import type { CreateVectorIndex, VectorIndex } from '#core/ports/vector-index.ts';
import { createLibrary } from '#core/rag/index.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { transfer } from '#rpc/transfer.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

const embedderEnds = new Set<() => void>();

// A nested worker, so that vectors never pass through the page and a crash is met where the job runs.
const embedder = createWorkerHandle<TextEmbedder>({
  name: 'embed',
  contract: embedContract,
  spawn: () => new Worker(new URL('../embed/embed.worker.ts', import.meta.url), { type: 'module' }),
  onEnd: () => {
    for (const tell of embedderEnds) tell();
  },
});

// In a worker of its own for the same reason; it starts when a search first asks for a reranker.
const reranker = createWorkerHandle<Reranker>({
  name: 'rerank',
  contract: rerankContract,
  spawn: () => new Worker(new URL('../rerank/rerank.worker.ts', import.meta.url), { type: 'module' }),
});

// As above; a page is read in one go of seconds, so that who stops it ends the worker. Its memory is given back when idle.
const ocr = createWorkerHandle<TextRecognizer>({
  name: 'ocr',
  contract: ocrContract,
  spawn: () => new Worker(new URL('../ocr/ocr.worker.ts', import.meta.url), { type: 'module' }),
  abortGraceMs: 200,
  idleMs: 60_000,
});

/** Opened at the first call: what cannot be opened now may be later, when another tab has closed. */
let opening: Promise<Library> | undefined;
function library(): Promise<Library> {
  opening ??= open();
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

async function open(): Promise<Library> {
  return createLibrary({
    repositories: await openRepositories(),
    parsers: createParsers(),
    unpackers: createUnpackers(),
    ocrParsers: (input) => createOcrParsers({ recognizer: ocr.client, ...input }),
    embedder: embedder.client,
    reranker: reranker.client,
    loadTokenizer: (model) => loadHfTokenizer(model, openStoredFile),
    placement,
    createVectorIndex,
    createLexicalIndex: createBm25Index,
    locks: createWebLocks(),
    sha256: sha256Of,
    now: Date.now,
    onEmbedderEnd: (listener) => void embedderEnds.add(listener),
  });
}

/** Its library is loaded where it was chosen only. */
async function createVoyIndex(dimension: number): Promise<VectorIndex> {
  const voy = await import('#adapters/index-voy/index.ts');
  return voy.createVoyIndex(dimension);
}

const createVectorIndex: CreateVectorIndex = (dimension, { kind, ...options } = { kind: 'exact' }) => {
  if (kind === 'voy') return createVoyIndex(dimension);
  return kind === 'int8' ? createInt8Index(dimension, options) : createExactIndex(dimension);
};

/** A software GPU is slower than WebAssembly; one core stays free for the page. */
async function placement(): Promise<{ readonly device: 'gpu' | 'cpu'; readonly threads: number }> {
  const gpu: GPU | undefined = navigator.gpu;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  const isReal = adapter !== null && adapter !== undefined && !adapter.info.isFallbackAdapter;
  const threads = self.crossOriginIsolated ? Math.max(1, navigator.hardwareConcurrency - 1) : 1;
  return { device: isReal ? 'gpu' : 'cpu', threads };
}

const server: Server<Library> = {
  addFiles: async (input, { signal, progress }) =>
    (await library()).addFiles(input, { signal, onProgress: progress }),
  ingest: async (input, { signal, progress }) =>
    (await library()).ingest(input, { signal, onProgress: progress }),
  stale: async (input) => (await library()).stale(input),
  search: async (input, { signal, progress }) =>
    (await library()).search(input, { signal, onProgress: progress }),
  align: async (input, { signal }) => (await library()).align(input, { signal }),
  warm: async (input, { signal, progress }) =>
    (await library()).warm(input, { signal, onProgress: progress }),
  measureIndex: async (input, { signal, progress }) =>
    (await library()).measureIndex(input, { signal, onProgress: progress }),
  forget: async (input) => (await library()).forget(input),
  async map(input, { signal }) {
    const map = await (await library()).map(input, { signal });
    return transfer(map, [map.points.buffer, map.documentOf.buffer, map.ordinalOf.buffer]);
  },
  neighbours: async (input, { signal }) => (await library()).neighbours(input, { signal }),
  tokens: async (input, { signal }) => (await library()).tokens(input, { signal }),
};

serve(libraryContract, server, self as unknown as Port<ToClient, ToServer>);
