import { CLIPImageProcessor, RawImage } from '@huggingface/transformers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ImageEmbedder, ImageEmbedderInfo } from '#core/ports/image-embedder.ts';
import captions from '../../../e2e/fixtures/emoji-eval/captions.json' with { type: 'json' };
import queries from '../../../e2e/fixtures/emoji-eval/queries.json' with { type: 'json' };
import twins from '../../../e2e/fixtures/emoji-eval/similar.json' with { type: 'json' };
import { EMOJI, emojiFiles } from '../engine-transformers/emoji-clip.test-support.ts';
import { createTransformersImageEmbedder } from '../engine-transformers/index.ts';
import { createPictureDecoder } from './index.ts';

// The figures of models/packs/emoji-clip/README.md (browser, q8), by the product's own path: file, decoder, embedder.
const TOLERANCE = 0.03;
const urls = import.meta.glob<string>('../../../e2e/fixtures/emoji-eval/*/*.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function fileOf(path: string): Promise<Blob> {
  const url = urls[`../../../e2e/fixtures/emoji-eval/${path}`];
  if (url === undefined) throw new Error(`No picture ${path}`);
  return (await fetch(url)).blob();
}

/** Best first: places of the gallery's rows by cosine. */
function ranking(gallery: Float32Array, query: Float32Array): readonly number[] {
  const dimension = query.length;
  const scores = Array.from({ length: gallery.length / dimension }, (_, row) =>
    query.reduce((sum, value, d) => sum + value * (gallery[row * dimension + d] ?? 0), 0),
  );
  return scores.map((_, row) => row).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
}

describe('the model for emoji, by decoder and embedder', () => {
  const decoder = createPictureDecoder();
  let embedder: ImageEmbedder;
  let info: ImageEmbedderInfo;
  let gallery: Float32Array;
  const ids = captions.pictures.map(({ id }) => id);

  async function embedFiles(paths: readonly string[]): Promise<Float32Array> {
    const size = info.input.width * info.input.height * 3;
    const pixels = new Uint8Array(paths.length * size);
    for (const [i, path] of paths.entries()) {
      const { pixels: one } = await decoder.decode({
        file: await fileOf(path),
        name: path,
        input: info.input,
      });
      pixels.set(one, i * size);
    }
    const count = paths.length;
    return (await embedder.embedImages({ modelId: EMOJI.id, pixels, count })).vectors;
  }

  /** Shares of queries whose right picture stands first, and among the first five. */
  function recall(vectors: Float32Array, rights: readonly (readonly string[])[]) {
    const places = rights.map((right, i) => {
      const query = vectors.subarray(i * info.dimension, (i + 1) * info.dimension);
      return ranking(gallery, query).findIndex((row) => right.includes(ids[row] ?? ''));
    });
    const within = (most: number): number => places.filter((place) => place < most).length;
    return { first: within(1), five: within(5), count: places.length };
  }

  beforeAll(async () => {
    embedder = createTransformersImageEmbedder({ openFile: emojiFiles() });
    info = await embedder.load({ model: EMOJI, device: 'cpu', threads: 1 });
    gallery = await embedFiles(captions.pictures.map(({ file }) => file));
  }, 120_000);

  test('81 queries', async () => {
    const texts = queries.map(({ query }) => query);
    const { vectors } = await embedder.embedTexts({ modelId: EMOJI.id, texts });
    const { first, five, count } = recall(
      vectors,
      queries.map(({ right }) => right),
    );
    expect(count).toBe(81);
    expect(Math.abs(first / count - 0.432)).toBeLessThanOrEqual(TOLERANCE);
    expect(Math.abs(five / count - 0.691)).toBeLessThanOrEqual(TOLERANCE);
  });

  test('120 bare names', async () => {
    const texts = captions.pictures.map(({ name }) => name);
    const { vectors } = await embedder.embedTexts({ modelId: EMOJI.id, texts });
    const { first, five, count } = recall(
      vectors,
      ids.map((id) => [id]),
    );
    expect(Math.abs(first / count - 0.85)).toBeLessThanOrEqual(TOLERANCE);
    expect(Math.abs(five / count - 0.992)).toBeLessThanOrEqual(TOLERANCE);
  });

  test('24 twins', async () => {
    const vectors = await embedFiles(twins.map(({ file }) => file));
    const { first, five } = recall(
      vectors,
      twins.map(({ right }) => right),
    );
    expect(first).toBeGreaterThanOrEqual(22);
    expect(five).toBe(24);
  });

  test('the vectors are those of the library’s own processor', async () => {
    const config = JSON.parse(await (await emojiFiles()(EMOJI.id, 'preprocessor_config.json')).text());
    const processor = new CLIPImageProcessor(config);
    const size = info.input.width * info.input.height;
    const pixels = new Uint8Array(ids.length * size * 3);
    for (const [i, { file }] of captions.pictures.entries()) {
      const { pixel_values } = await processor([await RawImage.fromBlob(await fileOf(file))]);
      const values = pixel_values.data as Float32Array;
      for (let at = 0; at < size; at++)
        for (let c = 0; c < 3; c++)
          pixels[(i * size + at) * 3 + c] = Math.round(
            ((values[c * size + at] ?? 0) * config.image_std[c] + config.image_mean[c]) * 255,
          );
    }
    const theirs = (await embedder.embedImages({ modelId: EMOJI.id, pixels, count: ids.length })).vectors;
    for (const [i, id] of ids.entries()) {
      let cosine = 0;
      for (let d = i * info.dimension; d < (i + 1) * info.dimension; d++)
        cosine += (theirs[d] ?? 0) * (gallery[d] ?? 0);
      expect(cosine, id).toBeGreaterThanOrEqual(0.999);
    }
  });
});
