import type { CallOptions } from '#shared/call.ts';
import type { ImageTextLogits, ModelSpec } from './model.ts';
import type { Embeddings } from './text-embedder.ts';

/**
 * How a picture becomes the model's input, as its preprocessor_config.json says: scaled so that the shorter side ('cover')
 * or both sides ('stretch') have `resize` pixels, then the middle `width × height` is cut out.
 */
export interface PictureInput {
  readonly width: number;
  readonly height: number;
  readonly resize: number;
  readonly fit: 'cover' | 'stretch';
}

export interface ImageEmbedderInfo {
  readonly modelId: string;
  readonly dimension: number;
  readonly input: PictureInput;
  readonly logits: ImageTextLogits;
  /** The tower for pictures. */
  readonly runsOn: 'webgpu' | 'wasm';
  readonly dtype: string;
  /** Changes whenever vectors would no longer be comparable: model files' hashes, input size, normalisation. */
  readonly fingerprint: string;
}

/**
 * Pictures and texts into one space (CLIP, Radford et al. 2021; SigLIP, Zhai et al. 2023).
 * Errors: model/not-found, model/integrity, model/out-of-memory, model/device-lost, input/invalid (wrong size of `pixels`).
 */
export interface ImageEmbedder {
  load(
    input: { readonly model: ModelSpec; readonly device: 'gpu' | 'cpu'; readonly threads: number },
    options?: CallOptions,
  ): Promise<ImageEmbedderInfo>;
  /** `pixels`: row-major [count × height × width × 3], RGB bytes, already of the model's input size. */
  embedImages(
    input: { readonly modelId: string; readonly pixels: Uint8Array; readonly count: number },
    options?: CallOptions,
  ): Promise<Embeddings>;
  embedTexts(
    input: { readonly modelId: string; readonly texts: readonly string[] },
    options?: CallOptions,
  ): Promise<Embeddings>;
  unload(input: { readonly modelId: string }, options?: CallOptions): Promise<void>;
}
