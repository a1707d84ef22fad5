import type { ModelSpec } from '#core/ports/model.ts';
import type { SoundDecoder } from '#core/ports/sound.ts';
import {
  SPEECH_SAMPLE_RATE,
  type SpeechRecognizer,
  type SpeechRecognizerInfo,
  type SpeechSegment,
  type Transcript,
} from '#core/ports/speech-recognizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';

export interface SpeechPorts {
  readonly recognizer: SpeechRecognizer;
  readonly decoder: SoundDecoder;
  /** Speech models that are complete on this device. */
  readonly models: () => Promise<readonly ModelSpec[]>;
  readonly threads: () => number;
  /** Without it the CPU computes. */
  readonly device?: 'gpu' | 'cpu';
}

/** How far a sound is written down. */
export interface HeardSoFar {
  /** What lies before is done. */
  readonly seconds: number;
  /** The one that was heard; absent as long as nobody has spoken. */
  readonly language?: string;
  readonly segments: readonly SpeechSegment[];
}

interface HearRequest {
  /** A recording, in any format that the browser decodes. */
  readonly sound: Blob;
  readonly modelId: string;
  /** Heard from the first words when absent. */
  readonly language?: string;
  /** What an earlier run has written down of this sound, with this model and language: it goes on there. */
  readonly before?: HeardSoFar;
  /** Told behind each window, and awaited: who keeps it can go on from there. */
  readonly onPart?: (heard: HeardSoFar) => Promise<void>;
}

/** Seconds that are asked for at once: a window of Whisper's, the least that is read at a time. */
const PART_SECONDS = 30;

/** What is said in a sound, by a model of this device. */
export interface Speech {
  models(): Promise<readonly ModelSpec[]>;
  lengthOf(sound: Blob): Promise<number | undefined>;
  /** Loads it; says which languages may be asked for. Errors: model/not-found and those of the recognizer. */
  load(modelId: string, options?: CallOptions): Promise<SpeechRecognizerInfo>;
  /** Errors: those of the decoder and the recognizer, model/not-found. Progress in seconds of the sound. */
  hear(request: HearRequest, options?: CallOptions): Promise<Transcript>;
}

/** Window by window, so that each can be kept when it is there. */
async function hearParts(
  recognizer: Pick<SpeechRecognizer, 'transcribe'>,
  audio: Float32Array,
  { modelId, language: wanted, before, onPart }: HearRequest,
  { signal, onProgress }: CallOptions,
): Promise<Transcript> {
  const total = audio.length / SPEECH_SAMPLE_RATE;
  let heard: HeardSoFar = before ?? { seconds: 0, segments: [] };
  for (let partSeconds = PART_SECONDS; ; ) {
    const from = heard.seconds;
    const first = Math.round(from * SPEECH_SAMPLE_RATE);
    const isLast = from + partSeconds >= total;
    // A view would take the whole sound along to the worker.
    const part = audio.slice(first, isLast ? audio.length : first + partSeconds * SPEECH_SAMPLE_RATE);
    const asked = wanted ?? heard.language;
    const found = await recognizer.transcribe(
      { modelId, audio: part, ...(asked ? { language: asked } : {}), ...(isLast ? {} : { continues: true }) },
      {
        ...(signal ? { signal } : {}),
        ...(onProgress
          ? {
              onProgress: (event) =>
                onProgress({ ...event, done: Math.min(total, from + event.done), total }),
            }
          : {}),
      },
    );
    const language = asked ?? (found.segments.length > 0 ? found.language : undefined);
    const segments = [
      ...heard.segments,
      ...found.segments.map(({ start, end, text }) => ({ start: start + from, end: end + from, text })),
    ];
    if (isLast) return { language: language ?? found.language, segments };
    const { untilSeconds = 0 } = found;
    // A model whose window is longer reads nothing of so little.
    if (untilSeconds === 0) partSeconds *= 2;
    else partSeconds = PART_SECONDS;
    heard = { seconds: from + untilSeconds, segments, ...(language ? { language } : {}) };
    if (untilSeconds > 0) await onPart?.(heard);
  }
}

export function createSpeech({ recognizer, decoder, models, threads, device = 'cpu' }: SpeechPorts): Speech {
  async function load(modelId: string, options: CallOptions = {}): Promise<SpeechRecognizerInfo> {
    const model = (await models()).find(({ id }) => id === modelId);
    if (model === undefined)
      throw new AppError('model/not-found', 'This speech model is not on this device. Get it under Models.', {
        details: { modelId },
      });
    return recognizer.load({ model, device, threads: threads() }, options);
  }
  return {
    models,
    lengthOf: (sound) => decoder.lengthOf(sound),
    load,
    async hear(request, options = {}) {
      await load(request.modelId, options);
      return hearParts(recognizer, await decoder.decode(request.sound, options), request, options);
    },
  };
}
