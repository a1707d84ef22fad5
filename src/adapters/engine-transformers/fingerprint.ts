import type { PictureProcessor } from './picture-processor.ts';

/** What two vectors must have in common to be comparable. */
export interface VectorOrigin {
  /** SHA-256 of the weights and of the tokenizer. */
  readonly files: readonly string[];
  readonly pooling: 'mean' | 'cls';
  readonly prompt: { readonly query: string; readonly passage: string };
  readonly dtype: string;
  readonly maxInputTokens: number;
}

/** Vectors carry this version: another way to normalise or to pool makes new spaces. */
const METHOD = 'l2-1';
const IMAGE_METHOD = 'image-l2-1';

/** Lower-case hex. The key order is fixed here, so equal origins give equal fingerprints. */
export function fingerprintOf({
  files,
  pooling,
  prompt,
  dtype,
  maxInputTokens,
}: VectorOrigin): Promise<string> {
  const parts = [METHOD, files, pooling, prompt.query, prompt.passage, dtype, maxInputTokens];
  return sha256Of(new TextEncoder().encode(JSON.stringify(parts)));
}

/** As above, of a model for pictures and texts. */
export function imageFingerprintOf({
  files,
  processor,
  dtype,
  maxInputTokens,
}: {
  /** SHA-256 of both towers and of the tokenizer. */
  readonly files: readonly string[];
  readonly processor: PictureProcessor;
  readonly dtype: string;
  readonly maxInputTokens: number;
}): Promise<string> {
  const { input, scale, offset } = processor;
  const shape = [input.width, input.height, input.resize, input.fit];
  const parts = [IMAGE_METHOD, files, shape, scale, offset, dtype, maxInputTokens];
  return sha256Of(new TextEncoder().encode(JSON.stringify(parts)));
}

export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
