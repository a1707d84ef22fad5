import type { CallOptions } from '#shared/call.ts';
import type { ModelSpec } from './model.ts';

/** Samples a second that a recognizer takes: one channel, -1 to 1. */
export const SPEECH_SAMPLE_RATE = 16_000;

/** What was said from one second to another. */
export interface SpeechSegment {
  /** In seconds from the beginning of the sound. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Transcript {
  /** BCP 47: the one that was asked for, or the one that was heard. */
  readonly language: string;
  /** In the order of their seconds, apart from each other; none where nobody speaks. */
  readonly segments: readonly SpeechSegment[];
  /** Only where more sound follows: up to here it is written down; the next request begins there. */
  readonly untilSeconds?: number;
}

export interface SpeechRecognizerInfo {
  readonly modelId: string;
  /** BCP 47 tags that may be asked for. */
  readonly languages: readonly string[];
  /** What listens (the encoder); the decoder is chosen by itself. */
  readonly runsOn: 'webgpu' | 'wasm';
  readonly decoderRunsOn: 'webgpu' | 'wasm';
  readonly dtype: string;
}

export interface TranscribeRequest {
  readonly modelId: string;
  /** One channel at SPEECH_SAMPLE_RATE. */
  readonly audio: Float32Array;
  /** Heard by the model itself in the first words when absent. */
  readonly language?: string;
  /**
   * More sound follows: only as many whole windows are read as there are, and what the last one's end cuts off is left to the
   * next request. Less than a window is not read at all.
   */
  readonly continues?: true;
}

/**
 * Writes down what is said (speech recognition: Radford et al. 2022, “Robust Speech Recognition via Large-Scale Weak
 * Supervision”). Errors: model/not-found, model/integrity, model/out-of-memory, input/unsupported (no speech model),
 * input/invalid (no such language; sound that is no numbers).
 */
export interface SpeechRecognizer {
  load(
    input: {
      readonly model: ModelSpec;
      /** 'gpu': where it gives the CPU's numbers, and sooner; the info says what became of it. */
      readonly device: 'gpu' | 'cpu';
      readonly threads: number;
    },
    options?: CallOptions,
  ): Promise<SpeechRecognizerInfo>;
  /** Progress in seconds of the sound; an abort is heard between two windows of it, and between two words. */
  transcribe(request: TranscribeRequest, options?: CallOptions): Promise<Transcript>;
  unload(input: { readonly modelId: string }, options?: CallOptions): Promise<void>;
}
