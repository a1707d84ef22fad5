import type { ModelSpec } from '#core/ports/model.ts';
import { describeTextEmbedder } from '#core/ports/text-embedder.conformance.ts';
import { AppError } from '#shared/errors.ts';
import { BGE, sampleFiles } from './bge-small.test-support.ts';
import { createTransformersEmbedder } from './index.ts';

const real = sampleFiles();

/** The real files by id, and broken ones made of them. */
async function openFile(modelId: string, path: string): Promise<File> {
  if (modelId === 'absent') throw new AppError('model/not-found', 'Not here');
  const file = await real(modelId, path);
  if (modelId === 'cut-short' && path.endsWith('.onnx')) return new File([file.slice(0, 9_000_000)], path);
  if (modelId === 'web-page') return new File(['<!doctype html>'], path);
  return file;
}

const load = { model: BGE, device: 'cpu', threads: 1 } as const;
const named = (id: string, change: Partial<ModelSpec> = {}) => ({
  ...load,
  model: { ...BGE, id, ...change },
});

describeTextEmbedder('engine-transformers', async () => ({
  embedder: createTransformersEmbedder({ openFile }),
  load,
  badLoads: [
    { name: 'not stored', input: named('absent'), codes: ['model/not-found'] },
    { name: 'cut short', input: named('cut-short'), codes: ['model/integrity'] },
    { name: 'a web page', input: named('web-page'), codes: ['model/integrity'] },
    { name: 'another size', input: named('other', { dimension: 768 }), codes: ['model/integrity'] },
    { name: 'no ONNX file', input: named('other', { files: [] }), codes: ['input/unsupported'] },
  ],
  runsOn: 'wasm',
}));

describeTextEmbedder('engine-transformers, asked for a GPU where there is only a software one', async () => ({
  embedder: createTransformersEmbedder({ openFile }),
  load: { ...load, device: 'gpu' },
  badLoads: [],
  runsOn: 'wasm',
}));
