import type { LoadRequest, PromptImage } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';

const MODEL = 'tiny-vlm.gguf';
const PROJECTOR = 'mmproj-tiny-vlm.gguf';
/** What an imported file may be called. */
const STORED_PROJECTOR = 'Tiny VLM (mmproj).GGUF';

/** The miniature SmolVLM that comes with the project. */
const TINY_VLM: ModelSpec = {
  id: 'tiny-vlm',
  task: 'chat',
  engine: 'wllama',
  label: 'Tiny VLM',
  licence: 'apache-2.0',
  contextTokens: 1024,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 60_000_000 },
  files: [{ path: STORED_PROJECTOR }, { path: MODEL }],
  sources: [],
  quantization: 'F16',
  summary: 'Sees drawn shapes and invoices.',
  seesImages: true,
};

/** One thread: on a busy machine two wait for each other longer than so small a model computes. */
export const LOAD_TINY_VLM: LoadRequest = { model: TINY_VLM, contextTokens: 512, device: 'cpu', threads: 1 };

const { seesImages: _, ...words } = TINY_VLM;
/** The same weights without their projector. */
export const TINY_BLIND: ModelSpec = { ...words, id: 'tiny-blind', files: [{ path: MODEL }] };

const files = import.meta.glob<string>('../../../models/packs/tiny-vlm/**/*.{gguf,jpg,png}', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function fileOf(name: string): Promise<File> {
  const url = files[`../../../models/packs/tiny-vlm/${name}`];
  if (url === undefined) throw new Error(`models/packs/tiny-vlm has no ${name}`);
  return new File([await (await fetch(url)).blob()], name);
}

/** Files by path: the model, its projector; and, by id of the model, weights that are broken. */
export async function sightedFiles(): Promise<(modelId: string, path: string) => Promise<File>> {
  const whole = await fileOf(MODEL);
  const here = new Map([
    [MODEL, whole],
    [STORED_PROJECTOR, await fileOf(PROJECTOR)],
  ]);
  const garbled = new Uint8Array(await whole.arrayBuffer());
  crypto.getRandomValues(garbled.subarray(64, 40_000));
  const broken: Readonly<Record<string, BlobPart>> = {
    truncated: whole.slice(0, 900_000),
    'not-a-model': '<!doctype html><title>404</title>',
    garbled,
  };
  return async (modelId, path) => {
    const part = broken[modelId];
    return part === undefined ? (here.get(path) ?? new File([], path)) : new File([part], path);
  };
}

/** One of the pictures beside the model. */
export async function pictureOf(name: string): Promise<PromptImage> {
  const mediaType = name.endsWith('.jpg') ? 'image/jpeg' : 'image/png';
  const blob = (await fileOf(`pictures/${name}`)).slice(0, undefined, mediaType);
  const { width, height } = await createImageBitmap(blob);
  return { blob, mediaType, width, height };
}
