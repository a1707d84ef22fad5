import type { ModelSpec } from '#core/ports/model.ts';
import { describeSpeechRecognizer } from '#core/ports/speech-recognizer.conformance.ts';
import { AppError } from '#shared/errors.ts';
import { createTransformersSpeechRecognizer } from './index.ts';
import { openTinyWhisper, TINY_WHISPER, tones } from './tiny-whisper.test-support.ts';

async function openFile(modelId: string, path: string): Promise<File> {
  if (modelId === 'absent') throw new AppError('model/not-found', 'Not here');
  const isWeights = path.endsWith('.onnx');
  if (modelId === 'web-page' && isWeights) return new File(['<!doctype html>'], path);
  const whole = await openTinyWhisper(path);
  if (modelId === 'cut-short' && isWeights) return new File([whole.slice(0, 900)], path);
  if (modelId === 'other-kind' && path === 'config.json') return new File(['{"model_type":"bert"}'], path);
  return whole;
}

const load = { model: TINY_WHISPER, device: 'cpu', threads: 1 } as const;
const named = (id: string, change: Partial<ModelSpec> = {}) => ({
  ...load,
  model: { ...TINY_WHISPER, id, ...change },
});

describeSpeechRecognizer('engine-transformers', async () => ({
  recognizer: createTransformersSpeechRecognizer({ openFile }),
  load,
  language: 'en',
  otherLanguage: 'de',
  words: ['low', 'middle', 'high'],
  say: tones,
  badLoads: [
    { name: 'not stored', input: named('absent'), codes: ['model/not-found'] },
    { name: 'cut short', input: named('cut-short'), codes: ['model/integrity'] },
    { name: 'a web page', input: named('web-page'), codes: ['model/integrity'] },
    { name: 'no decoder', input: named('other', { files: [] }), codes: ['input/unsupported'] },
    { name: 'another kind', input: named('other-kind'), codes: ['input/unsupported'] },
  ],
}));
