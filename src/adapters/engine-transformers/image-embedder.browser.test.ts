import { expect, test } from 'vitest';
import { describeImageEmbedder } from '#core/ports/image-embedder.conformance.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { BGE, sampleFiles } from './bge-small.test-support.ts';
import { EMOJI, emojiFiles, libraryPixels } from './emoji-clip.test-support.ts';
import { createTransformersImageEmbedder } from './index.ts';
import { encodeText } from './open-image-model.ts';
import { quantizesByBatch } from './quantizes-by-batch.ts';

const real = emojiFiles();
const pictureUrls = import.meta.glob<string>('../../../e2e/fixtures/emoji-eval/pictures/*.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** The real files by id, and broken ones made of them. */
async function openFile(modelId: string, path: string): Promise<File> {
  if (modelId === 'absent') throw new AppError('model/not-found', 'Not here');
  const file = await real(modelId, path);
  if (modelId === 'cut-short' && path.includes('vision')) return new File([file.slice(0, 600_000)], path);
  if (modelId === 'cut-text' && path.includes('text_model')) return new File([file.slice(0, 600_000)], path);
  if (modelId === 'web-page') return new File(['<!doctype html>'], path);
  if (modelId === 'shapeless' && path === 'preprocessor_config.json') return new File(['{}'], path);
  if (modelId === 'endless' && path === 'preprocessor_config.json')
    return new File([JSON.stringify({ ...JSON.parse(await file.text()), image_std: [0, 0, 0] })], path);
  return file;
}

const load = { model: EMOJI, device: 'cpu', threads: 1 } as const;
const named = (id: string, change: Partial<ModelSpec> = {}) => ({
  ...load,
  model: { ...EMOJI, id, ...change },
});

async function samples() {
  return Promise.all(
    ['pizza', 'sailboat', 'owl', 'umbrella', 'bicycle', 'red-apple'].map(async (id) => {
      const url = pictureUrls[`../../../e2e/fixtures/emoji-eval/pictures/${id}.webp`];
      if (url === undefined) throw new Error(`No picture ${id}`);
      const blob = await (await fetch(url)).blob();
      return { name: id.replace('-', ' '), pixels: await libraryPixels(blob, 64) };
    }),
  );
}

const withoutText = EMOJI.files.filter(({ path }) => !path.includes('text_model'));
const { logits: _, ...withoutLogits } = EMOJI;

describeImageEmbedder('engine-transformers', async () => ({
  embedder: createTransformersImageEmbedder({ openFile }),
  load,
  samples: await samples(),
  badLoads: [
    { name: 'not stored', input: named('absent'), codes: ['model/not-found'] },
    { name: 'cut short', input: named('cut-short'), codes: ['model/integrity'] },
    { name: 'words cut short', input: named('cut-text'), codes: ['model/integrity'] },
    { name: 'a web page', input: named('web-page'), codes: ['model/integrity'] },
    { name: 'no picture size', input: named('shapeless'), codes: ['model/integrity'] },
    { name: 'no numbers', input: named('endless'), codes: ['model/integrity'] },
    { name: 'another size', input: named('other', { dimension: 512 }), codes: ['model/integrity'] },
    { name: 'one side', input: named('half', { files: withoutText }), codes: ['input/unsupported'] },
    {
      name: 'no logits',
      input: { ...load, model: { ...withoutLogits, id: 'bare' } },
      codes: ['input/unsupported'],
    },
  ],
  runsOn: 'wasm',
}));

describeImageEmbedder(
  'engine-transformers, asked for a GPU where there is only a software one',
  async () => ({
    embedder: createTransformersImageEmbedder({ openFile }),
    load: { ...load, device: 'gpu' },
    samples: await samples(),
    badLoads: [],
    runsOn: 'wasm',
  }),
);

test('an ingest does without the tower for texts: it is read when the first text comes', async () => {
  const read: string[] = [];
  const embedder = createTransformersImageEmbedder({
    openFile(modelId, path) {
      read.push(path);
      return openFile(modelId, path);
    },
  });
  const { input } = await embedder.load(load);
  const size = input.width * input.height * 3;
  await embedder.embedImages({ modelId: EMOJI.id, pixels: new Uint8Array(size).fill(90), count: 1 });
  expect(read.filter((path) => path.includes('text_model'))).toEqual([]);
  await embedder.embedTexts({ modelId: EMOJI.id, texts: ['a'] });
  expect(read.filter((path) => path.includes('text_model'))).toHaveLength(1);
});

test('a graph that quantizes by the range of the batch is told from one that keeps floats', async () => {
  const bytes = async (file: Promise<File>): Promise<Uint8Array> =>
    new Uint8Array(await (await file).arrayBuffer());
  const hub = await bytes(sampleFiles()(BGE.id, 'onnx/model_quantized.onnx'));
  expect(quantizesByBatch(hub)).toBe(true);
  for (const path of ['onnx/vision_model_quantized.onnx', 'onnx/text_model_quantized.onnx'])
    expect(quantizesByBatch(await bytes(real(EMOJI.id, path))), path).toBe(false);
});

test('texts are filled up and in lower case where the model was trained so', async () => {
  const letters = { padId: 0, encode: (text: string) => [...text].map((c) => c.charCodeAt(0)) };
  const tokenizer = { ...letters, encodePair: () => ({ ids: [], types: [] }) };
  const filled = { ...EMOJI, textInput: { isPadded: true, isLowerCase: true } };
  expect(encodeText(filled, tokenizer, 'Ab', 4)).toEqual([97, 98, 0, 0]);
  expect(encodeText(EMOJI, tokenizer, 'Ab', 4)).toEqual([65, 98]);

  // This model reads neither padding nor case: the vectors stay.
  const embedder = createTransformersImageEmbedder({ openFile });
  await embedder.load(load);
  await embedder.load({ ...load, model: { ...filled, id: 'filled' } });
  const texts = ['A Red Apple', 'two dogs'];
  const plain = await embedder.embedTexts({ modelId: EMOJI.id, texts });
  const long = await embedder.embedTexts({ modelId: 'filled', texts });
  plain.vectors.forEach((value, i) => {
    expect(long.vectors[i]).toBeCloseTo(value, 4);
  });
});
