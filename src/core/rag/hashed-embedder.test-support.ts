import type { ModelSpec } from '#core/ports/model.ts';
import type { Embeddings, TextEmbedder } from '#core/ports/text-embedder.ts';
import type { Tokenizer } from '#core/ports/tokenizer.ts';
import { AppError } from '#shared/errors.ts';
import { contentWords } from './words.ts';

export const HASHED: ModelSpec = {
  id: 'hashed-words',
  task: 'embed-text',
  engine: 'transformers',
  label: 'Hashed words',
  licence: 'mit',
  contextTokens: 128,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 0 },
  files: [],
  sources: [],
  quantization: 'none',
  summary: '',
  prompt: { query: 'query: ', passage: 'passage: ' },
};

const DIMENSION = 192;
const MAX_TOKENS = 128;

function hash(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return h >>> 0;
}

/** The hashing trick over word stems and their letter trigrams: texts that share words and parts of words are near. */
function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSION);
  const add = (feature: string, weight: number): void => {
    const h = hash(feature);
    const at = h % DIMENSION;
    vector[at] = (vector[at] ?? 0) + (h & 0x10000 ? weight : -weight);
  };
  for (const { key } of contentWords(text)) {
    add(key, 1);
    for (let i = 0; i + 3 <= key.length; i++) add(`~${key.slice(i, i + 3)}`, 0.3);
  }
  const norm = Math.hypot(...vector);
  if (norm === 0) vector[0] = 1;
  return vector.map((value) => (norm === 0 ? value : value / norm));
}

export interface HashedEmbedder extends TextEmbedder {
  /** Texts that were embedded as passages, in order. */
  readonly embedded: string[];
  /** The next call of `embed` rejects as a worker that died does; the model must be loaded again. */
  crashNext(times?: number): void;
  /** Awaited before every batch. */
  pause?: (() => Promise<void>) | undefined;
  loads: number;
}

/** A TextEmbedder that really computes, in microseconds. */
export function createHashedEmbedder(fingerprint = 'hashed-1'): HashedEmbedder {
  let isLoaded = false;
  let crashes = 0;
  const embedder: HashedEmbedder = {
    embedded: [],
    loads: 0,
    crashNext(times = 1) {
      crashes = times;
    },
    async load({ model }) {
      isLoaded = true;
      embedder.loads++;
      return {
        modelId: model.id,
        dimension: DIMENSION,
        maxInputTokens: MAX_TOKENS,
        runsOn: 'wasm',
        dtype: 'fp32',
        fingerprint,
      };
    },
    async embed({ texts, kind }, { signal, onProgress } = {}): Promise<Embeddings> {
      if (kind === 'passage') await embedder.pause?.();
      if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled');
      if (crashes > 0) {
        crashes--;
        isLoaded = false;
        throw new AppError('worker/crashed', 'The embed worker stopped');
      }
      if (!isLoaded) throw new AppError('model/not-found', 'This embedding model is not loaded.');
      const vectors = new Float32Array(texts.length * DIMENSION);
      texts.forEach((text, i) => {
        if (hashedTokenizer.count(`passage: ${text}`) + hashedTokenizer.specialTokens > MAX_TOKENS)
          throw new Error(`A text is too long: ${text.slice(0, 40)}`);
        vectors.set(vectorOf(text), i * DIMENSION);
        onProgress?.({ phase: 'embed', done: i + 1, total: texts.length, unit: 'items', label: 'Hashed' });
      });
      if (kind === 'passage') embedder.embedded.push(...texts);
      return { vectors, dimension: DIMENSION, count: texts.length };
    },
    async unload() {
      isLoaded = false;
    },
  };
  return embedder;
}

const TOKEN = /[\p{L}\p{M}\p{N}]{1,6}|[^\s\p{L}\p{M}\p{N}]/gu;

export const hashedTokenizer: Tokenizer = {
  specialTokens: 2,
  encode: (text) =>
    [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({ start: index, end: index + token.length })),
  count: (text) => text.match(TOKEN)?.length ?? 0,
};
