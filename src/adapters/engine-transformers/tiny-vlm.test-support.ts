import type { LoadRequest, PromptImage } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';

const PACK = '../../../models/packs/tiny-vlm/';
const urls = import.meta.glob<string>('../../../models/packs/tiny-vlm/**/*.{json,onnx,jpg,png}', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** A small, trained SmolVLM: capitals, coloured shapes, the total of an invoice (the README of its pack says how). */
export const TINY_VLM: ModelSpec = {
  id: 'tiny-vlm',
  task: 'chat',
  engine: 'transformers',
  label: 'Tiny VLM',
  licence: 'apache-2.0',
  contextTokens: 1024,
  languages: ['en'],
  needs: { gpu: 'optional', shaderF16: false, memoryBytes: 50_000_000 },
  files: Object.keys(urls)
    .map((path) => ({ path: path.slice(PACK.length) }))
    .filter(({ path }) => /^onnx\/|^[^/]+\.json$/.test(path)),
  sources: [],
  quantization: 'f16',
  summary: 'For tests.',
  seesImages: true,
};

const { seesImages: _, ...blind } = TINY_VLM;
/** Its words alone. */
export const TINY_BLIND: ModelSpec = {
  ...blind,
  id: 'tiny-blind',
  files: TINY_VLM.files.filter(({ path }) => !/vision_encoder|processor/.test(path)),
};

export const LOAD_TINY: LoadRequest = { model: TINY_VLM, contextTokens: 512, device: 'cpu', threads: 1 };

export async function tinyVlmFile(path: string): Promise<File> {
  const url = urls[`${PACK}${path}`];
  if (url === undefined) throw new AppError('model/not-found', `The pack has no ${path}.`);
  return new File([await (await fetch(url)).blob()], path);
}

export async function tinyPicture(name: string): Promise<PromptImage> {
  const url = urls[`${PACK}pictures/${name}`];
  if (url === undefined) throw new Error(`The pack has no picture ${name}`);
  const mediaType = name.endsWith('.png') ? 'image/png' : 'image/jpeg';
  const blob = new Blob([await (await fetch(url)).arrayBuffer()], { type: mediaType });
  const { width, height } = await createImageBitmap(blob);
  return { blob, mediaType, width, height };
}
