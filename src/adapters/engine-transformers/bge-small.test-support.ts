import type { ModelSpec } from '#core/ports/model.ts';

export const BGE: ModelSpec = {
  id: 'bge-small-en-v1.5',
  task: 'embed-text',
  engine: 'transformers',
  label: 'BGE small (English)',
  licence: 'mit',
  contextTokens: 512,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 180_000_000 },
  files: [
    { path: 'onnx/model_quantized.onnx', sizeBytes: 34_014_426 },
    { path: 'tokenizer.json' },
    { path: 'config.json' },
    { path: 'tokenizer_config.json' },
  ],
  sources: [],
  quantization: 'q8',
  summary: 'Small and quick.',
  prompt: { query: 'Represent this sentence for searching relevant passages: ', passage: '' },
  dimension: 384,
  pooling: 'cls',
  maxInputTokens: 512,
};

/** The real files by way of the mirror, each fetched once. */
export function sampleFiles(): (modelId: string, path: string) => Promise<File> {
  const files = new Map<string, Promise<File>>();
  async function fetchFile(path: string): Promise<File> {
    const response = await fetch(`/models/${BGE.id}/${path}`);
    if (!response.ok)
      throw new Error(`The test pack is missing: ${response.url} answered ${response.status}`);
    return new File([await response.blob()], path);
  }
  return (_modelId, path) => {
    const file = files.get(path) ?? fetchFile(path);
    files.set(path, file);
    return file;
  };
}
