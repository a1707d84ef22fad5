import type { CallOptions } from '#shared/call.ts';

/** Longer recordings are refused: all of it is held in memory while it is decoded. */
export const MAX_SOUND_SECONDS = 3600;

/** Recordings to samples. Errors: input/unsupported (a codec that the browser lacks), input/too-large. */
export interface SoundDecoder {
  /** In seconds, from the file's own head; undefined where it does not say. */
  lengthOf(file: Blob): Promise<number | undefined>;
  /** One channel at SPEECH_SAMPLE_RATE. */
  decode(file: Blob, options?: Pick<CallOptions, 'signal'>): Promise<Float32Array>;
}

/** A microphone that is open. */
export interface OpenMicrophone {
  /** How loud it is right now, 0 to 1. */
  level(): number;
  /** Closes it; what was heard as a file that a SoundDecoder reads. */
  stop(): Promise<Blob>;
  /** Closes it; nothing is kept. */
  cancel(): void;
}

/** Errors: tool/denied (not allowed), capability/unsupported-browser, input/invalid (there is none, or it is in use). */
export type OpenMicrophonePort = () => Promise<OpenMicrophone>;
