import type { OpenedRecording } from '#core/ports/sound.ts';
import { SPEECH_SAMPLE_RATE } from '#core/ports/speech-recognizer.ts';
import { createBreather, throwIfAborted } from '#shared/breathe.ts';
import { wavOf } from './wav.ts';

/** Whole seconds: only there do samples of any two rates lie at the same time. */
const BLOCK_SECONDS = 10;
/** Around a block, so that no edge of one is heard: the resampling looks a few milliseconds to both sides. */
const MARGIN_SECONDS = 1;

/** Of a few seconds: the browser resamples what it decodes, well and off the main thread. */
async function resampled(samples: Float32Array, sampleRate: number): Promise<Float32Array> {
  if (sampleRate === SPEECH_SAMPLE_RATE) return samples;
  const context = new OfflineAudioContext(1, 1, SPEECH_SAMPLE_RATE);
  const sound = await context.decodeAudioData(await wavOf(samples, sampleRate).arrayBuffer());
  return sound.getChannelData(0);
}

/** Takes what comes in whatever lengths; grows when a file is longer than it said. */
function createTarget(seconds: number) {
  let audio = new Float32Array(Math.ceil(seconds * SPEECH_SAMPLE_RATE));
  let length = 0;
  return {
    push(part: Float32Array): void {
      if (length + part.length > audio.length) {
        const grown = new Float32Array(Math.ceil((length + part.length) * 1.25));
        grown.set(audio.subarray(0, length));
        audio = grown;
      }
      audio.set(part, length);
      length += part.length;
    },
    get seconds() {
      return length / SPEECH_SAMPLE_RATE;
    },
    taken: () => audio.subarray(0, length),
  };
}

export interface PiecesOptions {
  /** About as long as it is; memory for it is taken at once. */
  readonly seconds: number;
  /** Throws when it turns out to last longer. */
  readonly check: (seconds: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** One channel at SPEECH_SAMPLE_RATE, and never more than some seconds of it at the file's own rate. */
export async function decodePieces(
  { sampleRate, pieces }: OpenedRecording,
  { seconds, check, signal }: PiecesOptions,
): Promise<Float32Array> {
  const target = createTarget(seconds + 1);
  const margin = MARGIN_SECONDS * sampleRate;
  const block = BLOCK_SECONDS * sampleRate;
  const window = new Float32Array(margin + block + margin);
  let filled = margin; // silence before the start
  const takeBlock = async (count: number): Promise<void> => {
    const sound = await resampled(window, sampleRate);
    const from = MARGIN_SECONDS * SPEECH_SAMPLE_RATE;
    target.push(sound.subarray(from, from + Math.round((count / sampleRate) * SPEECH_SAMPLE_RATE)));
  };
  const breathe = createBreather(signal); // plain samples come without a task between them
  for await (const piece of pieces()) {
    throwIfAborted(signal);
    await breathe();
    for (let read = 0; read < piece.length; ) {
      const part = piece.subarray(read, read + window.length - filled);
      window.set(part, filled);
      filled += part.length;
      read += part.length;
      if (filled < window.length) continue;
      await takeBlock(block);
      window.copyWithin(0, block);
      filled = 2 * margin;
      throwIfAborted(signal);
      check(target.seconds);
    }
  }
  window.fill(0, filled);
  await takeBlock(Math.min(filled - margin, block));
  if (filled - margin > block) {
    window.copyWithin(0, block);
    window.fill(0, filled - block);
    await takeBlock(filled - margin - block);
  }
  check(target.seconds);
  return target.taken();
}
