import type { ModelSpec } from '#core/ports/model.ts';
import { SPEECH_SAMPLE_RATE, type SpeechSegment } from '#core/ports/speech-recognizer.ts';
import { AppError } from '#shared/errors.ts';

const urls = import.meta.glob<string>('../../../models/packs/tiny-whisper/**/*.{json,onnx}', {
  query: '?url',
  import: 'default',
  eager: true,
});

const PACK = '../../../models/packs/tiny-whisper/';

/** Writes down tones (the README of its pack says how). */
export const TINY_WHISPER: ModelSpec = {
  id: 'tiny-whisper',
  task: 'speech',
  engine: 'transformers',
  label: 'Tiny Whisper',
  licence: 'apache-2.0',
  contextTokens: 448,
  languages: ['en', 'de', 'fr'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 50_000_000 },
  files: Object.keys(urls).map((path) => ({ path: path.slice(PACK.length) })),
  sources: [],
  quantization: 'f32',
  summary: 'For tests.',
};

export async function openTinyWhisper(path: string): Promise<File> {
  const url = urls[`${PACK}${path}`];
  if (url === undefined) throw new AppError('model/not-found', `The pack has no ${path}.`);
  return new File([await (await fetch(url)).blob()], path);
}

const HERTZ: Readonly<Record<string, number>> = { low: 220, middle: 1000, high: 4000 };

/** A tone for each word, and silence between them. */
export function tones(parts: readonly SpeechSegment[], seconds: number): Float32Array {
  const audio = new Float32Array(Math.round(seconds * SPEECH_SAMPLE_RATE));
  for (const { text, start, end } of parts) {
    const step = (2 * Math.PI * (HERTZ[text] ?? Number.NaN)) / SPEECH_SAMPLE_RATE;
    const last = Math.min(audio.length, Math.round(end * SPEECH_SAMPLE_RATE));
    for (let i = Math.round(start * SPEECH_SAMPLE_RATE); i < last; i++) audio[i] = 0.5 * Math.sin(step * i);
  }
  return audio;
}
