import type { InferenceSession } from 'onnxruntime-web/webgpu';
import { beforeAll, expect, test } from 'vitest';
import { BGE, sampleFiles } from './bge-small.test-support.ts';
import { chooseSession } from './choose-whisper.ts';
import { EMOJI, emojiFiles } from './emoji-clip.test-support.ts';
import {
  createTransformersEmbedder,
  createTransformersImageEmbedder,
  createTransformersSpeechRecognizer,
} from './index.ts';
import { openTinyWhisper, TINY_WHISPER, tones } from './tiny-whisper.test-support.ts';

// The software adapter of the test browser passes for a real one here: both runtimes really run and are compared.
beforeAll(() => {
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
});

test('a GPU is tried, compared with the CPU, and left when the CPU is faster; the info says so', async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  expect(adapter?.info.isFallbackAdapter).toBe(false);
  const embedder = createTransformersEmbedder({ openFile: sampleFiles() });
  const info = await embedder.load({ model: BGE, device: 'gpu', threads: 1 });
  expect(info.runsOn).toBe('wasm');
  expect((await embedder.embed({ modelId: BGE.id, texts: ['a', 'b'], kind: 'passage' })).count).toBe(2);
});

test('so it is with both towers of a model for pictures', async () => {
  const embedder = createTransformersImageEmbedder({ openFile: emojiFiles() });
  const info = await embedder.load({ model: EMOJI, device: 'gpu', threads: 1 });
  expect(info.runsOn).toBe('wasm');
  expect((await embedder.embedTexts({ modelId: EMOJI.id, texts: ['a', 'b'] })).count).toBe(2);
  const { width, height } = info.input;
  const pixels = new Uint8Array(width * height * 3).fill(200);
  expect((await embedder.embedImages({ modelId: EMOJI.id, pixels, count: 1 })).count).toBe(1);
});

test('so it is with both halves of a Whisper, each by itself; whatever is chosen writes down what is said', async () => {
  const recognizer = createTransformersSpeechRecognizer({ openFile: (_, path) => openTinyWhisper(path) });
  // So small a model takes about as long on either: which one is chosen is the clock's.
  await recognizer.load({ model: TINY_WHISPER, device: 'gpu', threads: 1 });
  const audio = tones([{ text: 'middle', start: 1, end: 2 }], 3);
  const { segments } = await recognizer.transcribe({ modelId: TINY_WHISPER.id, audio, language: 'en' });
  expect(segments.map(({ text }) => text.trim())).toEqual(['middle']);
});

test('a Whisper on a GPU that is sooner and wrong, or breaks, is not used; one that is right is', async () => {
  const encoder = new Uint8Array(await (await openTinyWhisper('onnx/encoder_model.onnx')).arrayBuffer());
  /** The same rows from both devices, but for what `gpu` does with those of the second session. */
  const chosen = async (gpu: (vectors: Float32Array) => Float32Array) => {
    const sessions = new Map<InferenceSession, number>();
    let now = 0;
    const probe = async (each: InferenceSession) => {
      sessions.set(each, sessions.get(each) ?? sessions.size);
      const isGpu = sessions.get(each) === 1;
      now += isGpu ? 1 : 10;
      const vectors = Float32Array.of(3, 4, 0, 5);
      return { vectors: isGpu ? gpu(vectors) : vectors, dimension: 2 };
    };
    const { session, runsOn } = await chooseSession(encoder, true, probe, () => now);
    await session.release();
    return runsOn;
  };
  expect(await chosen((vectors) => vectors.map((value) => value * 2))).toBe('webgpu');
  expect(await chosen((vectors) => vectors.map((value, i) => (i === 3 ? -value : value)))).toBe('wasm');
  expect(await chosen((vectors) => vectors.map(() => Number.NaN))).toBe('wasm');
  const broken = chosen(() => {
    throw new Error('The device is lost');
  });
  expect(await broken).toBe('wasm');
});
