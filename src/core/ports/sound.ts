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

/** A recording that is read piece by piece. */
export interface OpenedRecording {
  /** The file's own. */
  readonly sampleRate: number;
  /** All channels mixed to one, in order and without gaps, a fraction of a second or a few each. */
  pieces(): AsyncIterable<Float32Array>;
  close(): void;
}

/** Undefined: what it comes in, or its codec, cannot be read piece by piece here. */
export type OpenRecording = (file: Blob) => Promise<OpenedRecording | undefined>;

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
