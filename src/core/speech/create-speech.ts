import type { ModelSpec } from '#core/ports/model.ts';
import type { SoundDecoder } from '#core/ports/sound.ts';
import type { SpeechRecognizer, SpeechRecognizerInfo, Transcript } from '#core/ports/speech-recognizer.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';

export interface SpeechPorts {
  readonly recognizer: SpeechRecognizer;
  readonly decoder: SoundDecoder;
  /** Speech models that are complete on this device. */
  readonly models: () => Promise<readonly ModelSpec[]>;
  readonly threads: () => number;
}

interface HearRequest {
  /** A recording, in any format that the browser decodes. */
  readonly sound: Blob;
  readonly modelId: string;
  /** Heard from the first words when absent. */
  readonly language?: string;
}

/** What is said in a sound, by a model of this device. */
export interface Speech {
  models(): Promise<readonly ModelSpec[]>;
  lengthOf(sound: Blob): Promise<number | undefined>;
  /** Loads it; says which languages may be asked for. Errors: model/not-found and those of the recognizer. */
  load(modelId: string, options?: CallOptions): Promise<SpeechRecognizerInfo>;
  /** Errors: those of the decoder and the recognizer, model/not-found. Progress in seconds of the sound. */
  hear(request: HearRequest, options?: CallOptions): Promise<Transcript>;
}

export function createSpeech({ recognizer, decoder, models, threads }: SpeechPorts): Speech {
  async function load(modelId: string, options: CallOptions = {}): Promise<SpeechRecognizerInfo> {
    const model = (await models()).find(({ id }) => id === modelId);
    if (model === undefined)
      throw new AppError('model/not-found', 'This speech model is not on this device. Get it under Models.', {
        details: { modelId },
      });
    return recognizer.load({ model, threads: threads() }, options);
  }
  return {
    models,
    lengthOf: (sound) => decoder.lengthOf(sound),
    load,
    async hear({ sound, modelId, language }, options = {}) {
      await load(modelId, options);
      const audio = await decoder.decode(sound, options);
      return recognizer.transcribe({ modelId, audio, ...(language ? { language } : {}) }, options);
    },
  };
}
