import type { ImageEmbedder } from '#core/ports/image-embedder.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import type { Rgb } from './ppm-decoder.test-support.ts';

export const COLOURS: Readonly<Record<string, Rgb>> = {
  red: [220, 30, 30],
  green: [30, 180, 40],
  blue: [30, 60, 220],
  yellow: [230, 220, 40],
  black: [10, 10, 10],
  white: [245, 245, 245],
  pink: [240, 120, 180],
  orange: [240, 140, 20],
};

export const COLOUR_MODEL: ModelSpec = {
  id: 'colours',
  task: 'embed-image-text',
  engine: 'transformers',
  label: 'Colours',
  licence: 'mit',
  contextTokens: 16,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 0 },
  files: [],
  sources: [],
  quantization: 'none',
  summary: '',
};

const NAMES = Object.keys(COLOURS);
/** The halves of a picture in which a colour lies. */
const HALVES = 2;
const COLOUR_DIMENSION = NAMES.length * HALVES;
const SIZE = 8;

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function ofPixels(pixels: Uint8Array): Float32Array {
  const vector = new Float32Array(COLOUR_DIMENSION).fill(0.02);
  for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
    const half = pixel % SIZE < SIZE / 2 ? 0 : 1;
    for (const [i, name] of NAMES.entries()) {
      const [red, green, blue] = COLOURS[name] ?? [0, 0, 0];
      const from = pixel * 3;
      const distance = Math.hypot(
        (pixels[from] ?? 0) - red,
        (pixels[from + 1] ?? 0) - green,
        (pixels[from + 2] ?? 0) - blue,
      );
      const place = half * NAMES.length + i;
      vector[place] = (vector[place] ?? 0) + Math.exp(-((distance / 60) ** 2));
    }
  }
  return unit(vector);
}

/** 'red', and 'left red' for the left half only; other words say nothing. */
function ofText(text: string): Float32Array {
  const vector = new Float32Array(COLOUR_DIMENSION).fill(0.02);
  const words = text.toLowerCase().split(/\s+/);
  for (const [i, word] of words.entries()) {
    const colour = NAMES.indexOf(word);
    if (colour === -1) continue;
    for (const [half, side] of ['left', 'right'].entries()) {
      const other = half === 0 ? 'right' : 'left';
      if (words[i - 1] === other) continue;
      vector[half * NAMES.length + colour] = words[i - 1] === side ? 2 : 1;
    }
  }
  return unit(vector);
}

export interface ColourEmbedder extends ImageEmbedder {
  /** Sizes of the batches of pictures that were embedded. */
  readonly batches: number[];
  /** Texts that were embedded. */
  readonly texts: string[];
  loads: number;
  /** The next calls reject as a worker that died, or a device that was lost, does; the model must be loaded again. */
  loseNext(code: 'worker/crashed' | 'model/device-lost' | 'model/out-of-memory', times?: number): void;
  /** Awaited before a batch of pictures. */
  pause?: (() => Promise<void>) | undefined;
  /** Changes what was embedded. */
  spoil?: ((vectors: Float32Array) => void) | undefined;
}

/** An ImageEmbedder that really computes: colours of pictures and words for colours in one space. */
export function createColourEmbedder(
  fingerprint = 'space-colours',
  kind: 'softmax' | 'sigmoid' = 'softmax',
): ColourEmbedder {
  let isLoaded = false;
  let losses: AppError[] = [];
  const check = (signal: AbortSignal | undefined): void => {
    if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled');
    const loss = losses.shift();
    if (loss) isLoaded = false;
    if (loss) throw loss;
    if (!isLoaded) throw new AppError('model/not-found', 'This model is not loaded.');
  };
  const embedder: ColourEmbedder = {
    batches: [],
    texts: [],
    loads: 0,
    loseNext(code, times = 1) {
      losses = Array.from({ length: times }, () => new AppError(code, 'It is gone.'));
    },
    async load({ model }) {
      isLoaded = true;
      embedder.loads += 1;
      return {
        modelId: model.id,
        dimension: COLOUR_DIMENSION,
        input: { width: SIZE, height: SIZE, resize: SIZE, fit: 'cover' },
        logits: { scale: 20, bias: kind === 'sigmoid' ? -10 : 0, kind },
        runsOn: 'wasm',
        dtype: 'fp32',
        fingerprint,
      };
    },
    async embedImages({ pixels, count }, { signal } = {}) {
      await embedder.pause?.();
      check(signal);
      const size = SIZE * SIZE * 3;
      if (pixels.length !== count * size) throw new AppError('input/invalid', 'Pixels of the wrong size.');
      const vectors = new Float32Array(count * COLOUR_DIMENSION);
      for (let i = 0; i < count; i++)
        vectors.set(ofPixels(pixels.subarray(i * size, (i + 1) * size)), i * COLOUR_DIMENSION);
      embedder.batches.push(count);
      embedder.spoil?.(vectors);
      return { vectors, dimension: COLOUR_DIMENSION, count };
    },
    async embedTexts({ texts }, { signal } = {}) {
      check(signal);
      embedder.texts.push(...texts);
      const vectors = new Float32Array(texts.length * COLOUR_DIMENSION);
      for (const [i, text] of texts.entries()) vectors.set(ofText(text), i * COLOUR_DIMENSION);
      return { vectors, dimension: COLOUR_DIMENSION, count: texts.length };
    },
    async unload() {
      isLoaded = false;
    },
  };
  return embedder;
}
