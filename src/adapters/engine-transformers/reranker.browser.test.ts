import type { ModelSpec } from '#core/ports/model.ts';
import { describeReranker } from '#core/ports/reranker.conformance.ts';
import { AppError } from '#shared/errors.ts';
import overlapUrl from '../../../models/packs/overlap-reranker/model.onnx?url';
import { BGE, sampleFiles } from './bge-small.test-support.ts';
import { createTransformersReranker } from './index.ts';

/** A cross-encoder that counts instead of being trained (its README says how), with the tokenizer of BGE. */
const OVERLAP: ModelSpec = {
  ...BGE,
  id: 'overlap-reranker',
  task: 'rerank',
  label: 'Overlap',
  files: [{ path: 'model.onnx' }, { path: 'tokenizer.json' }, { path: 'tokenizer_config.json' }],
  quantization: 'f32',
};
const bge = sampleFiles();

async function openFile(modelId: string, path: string): Promise<File> {
  if (modelId === 'absent') throw new AppError('model/not-found', 'Not here');
  if (modelId === 'web-page') return new File(['<!doctype html>'], path);
  if (modelId === 'embedder' || !path.endsWith('.onnx')) return bge(BGE.id, path);
  const whole = await (await fetch(overlapUrl)).blob();
  return new File([modelId === 'cut-short' ? whole.slice(0, 600) : whole], path);
}

const load = { model: OVERLAP, device: 'cpu', threads: 1 } as const;
const named = (id: string, change: Partial<ModelSpec> = {}) => ({
  ...load,
  model: { ...OVERLAP, id, ...change },
});

describeReranker('engine-transformers', async () => ({
  reranker: createTransformersReranker({ openFile }),
  load,
  badLoads: [
    { name: 'not stored', input: named('absent'), codes: ['model/not-found'] },
    { name: 'cut short', input: named('cut-short'), codes: ['model/integrity'] },
    { name: 'a web page', input: named('web-page'), codes: ['model/integrity'] },
    { name: 'no ONNX file', input: named('other', { files: [] }), codes: ['input/unsupported'] },
    { name: 'an embedder', input: named('embedder', { files: BGE.files }), codes: ['input/unsupported'] },
  ],
}));

describeReranker('engine-transformers with weights that are scored one by one', async () => ({
  reranker: createTransformersReranker({ openFile }),
  load: named('overlap-q8', { quantization: 'q8' }),
  badLoads: [],
}));
