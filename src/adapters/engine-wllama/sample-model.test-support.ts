import type { LoadRequest } from '#core/ports/chat-engine.ts';
import type { ModelSpec } from '#core/ports/model.ts';

const PATH = 'SmolLM2-135M-Instruct.Q4_1.gguf';

export const SMOL: ModelSpec = {
  id: 'smollm2-135m-instruct',
  task: 'chat',
  engine: 'wllama',
  label: 'SmolLM2 135M',
  licence: 'apache-2.0',
  contextTokens: 8192,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 260_000_000 },
  files: [{ path: PATH, sizeBytes: 98_362_432 }],
  sources: [],
  quantization: 'Q4_1',
  summary: 'Small and quick.',
};

export const LOAD_SMOL: LoadRequest = { model: SMOL, contextTokens: 512, device: 'cpu', threads: 2 };

/** Files by model id: the real one, and broken ones made of it. */
export async function sampleFiles(): Promise<(modelId: string, path: string) => Promise<File>> {
  const response = await fetch(`/models/${SMOL.id}/${PATH}`);
  if (!response.ok) throw new Error(`The test pack is missing: ${response.url} answered ${response.status}`);
  const whole = await response.blob();
  const garbled = new Uint8Array(await whole.slice(0, 2_000_000).arrayBuffer());
  crypto.getRandomValues(garbled.subarray(64, 40_000));
  const files: Readonly<Record<string, BlobPart[]>> = {
    [SMOL.id]: [whole],
    truncated: [whole.slice(0, 60_000_000)],
    'not-a-model': ['<!doctype html><title>404</title>'],
    garbled: [garbled, whole.slice(2_000_000)],
  };
  return async (modelId) => new File(files[modelId] ?? [], PATH);
}
